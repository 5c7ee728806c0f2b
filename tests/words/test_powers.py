"""What facilitators can do is said at the door, all of it: a control that no line tells of would be a secret power."""

from rooms.live import COMMANDS
from rooms.live.permissions import Standing
from server.powers import POWERS

THEIRS = {Standing.FACILITATOR, Standing.LEAD}
MEMBERS = {Standing.MEMBER, Standing.LISTENING, Standing.WAITING}
# Open to everybody, and more so to facilitators: anybody's message, anybody's proposal, anybody's line, duty itself.
MORE_SO = {"add_note", "drop_line", "write_line", "come_on_duty"}


def test_every_control_of_facilitators_is_told_of_at_the_door_once():
    told = [command for _, commands in POWERS for command in commands]
    controls = {
        name for name, command in COMMANDS.items() if command.by & THEIRS and not command.by & MEMBERS
    }
    assert sorted(told) == sorted(controls | MORE_SO), "say it in a line of server/powers.py"


def test_the_list_is_short_enough_to_be_read_and_its_lines_too():
    assert len(POWERS) <= 12
    assert all(len(said) <= 120 for said, _ in POWERS)
