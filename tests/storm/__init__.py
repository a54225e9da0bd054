"""A storm over octowizard: kills, faults, other people's hands, and a model of its own that judges what is left.

    python -m tests.storm --minutes 60 --seed 1            rounds until then; sums and violations at the end
    python -m tests.storm --seed 1 --round 17              one round again, its script written out
    python -m tests.storm --script round.json              that script, shortened or changed
    python -m tests.storm --postgres --minutes 5           with workspaces in a PostgreSQL that it starts itself
    python -m tests.storm.mutants                          bugs planted one at a time: does the storm see them?

Each round has a practice company (a process of its own, real HTTP over the loopback interface) and a home for
octowizard (real SQLite, or a real PostgreSQL). `script.py` draws from the seed what will happen; `rounds.py` does it;
when the weather has cleared octowizard runs until it says that nothing is left, and `model.py` and `home.py` judge
what both sides hold. What a second is at a vendor is some milliseconds here (`times.py`). POSIX only.
"""
