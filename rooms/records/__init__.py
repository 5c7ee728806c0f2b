"""What is kept: rooms, their sessions and agreements, and the few accounts that look after them. Never what is said.

One module per noun, each a handful of functions that take a connection first and the time as an argument, and return
values: rows never leave this package. ``database.reading()`` and ``database.writing()`` give the connection.
"""
