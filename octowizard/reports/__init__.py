"""What leaves the house on paper: HTML, Markdown, JSON and the mails."""
