"""The canary: whole sessions with words in them that are nowhere else, and then a search of everything that was written.

``python -m tests.canary`` runs all of it and prints a receipt; ``test_canary.py`` is the short form.
"""
