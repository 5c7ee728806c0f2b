"""What breaks while people talk: real processes, real sockets, a journal for each person, and laws over the journals."""
