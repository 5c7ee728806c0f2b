"""When a group meets, and how its members' own calendars are told: pure, with time as an argument.

``recurrence`` writes a rule out as dates, ``changes`` says which of them an edit touches, ``load`` looks after those who
facilitate, ``ics`` writes files for calendars and ``timezones`` the part of them about clocks.
"""
