"""What `kithwell run --demo` and `kithwell demo` show of who may sign in."""

from kithwell.config import prepare


def test_every_sign_in_of_the_demonstration_has_a_line_in_the_table():
    people = prepare.sign_ins()
    head, *lines = prepare.table(people).splitlines()
    assert head.split() == ["Who", "Name", "Password"]
    assert [line.split()[-1] for line in lines] == [password for _, _, password in people]
    for line, words in zip(lines, people, strict=True):
        assert all(word in line for word in words)
    assert {"Sam", "Ada", "Robin"} <= {name for _, name, _ in people}
