"""The Teamleader Focus API as its contract names it: client, models, OAuth."""
