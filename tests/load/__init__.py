"""A full house for as long as one likes, and a day of sessions: what is there afterwards is what was there before."""
