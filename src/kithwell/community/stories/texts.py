"""Words for codes, each in one place."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

STATES = {
    "draft": _("Draft"),
    "review": _("Being read"),
    "changes": _("We have asked you for something"),
    "agree": _("Other words are suggested: you decide"),
    "published": _("Public"),
    "declined": _("Not published"),
    "withdrawn": _("Taken back"),
    "ended": _("Its time has run out"),
    "removed": _("Removed by a decision"),
}
USES = {
    "site": _("On this site: a public page that anybody can read and find"),
    "campaign": _("In campaigns: a part of it on posters, in talks and newsletters of this organisation"),
    "network": _("On social networks: a part of it posted by this organisation"),
}
USE_SHORT = {"site": _("this site"), "campaign": _("campaigns"), "network": _("social networks")}
DAYS = {"90": _("three months"), "365": _("one year"), "730": _("two years")}
STEPS = {
    "hard": (
        _("What was hard"),
        _("Say how it felt and what it did to your days. Nobody needs to know how or where somebody "
            "hurt themself: leave that out, for your own sake too."),
    ),
    "helped": (
        _("What helped"),
        _("A person, a sentence, a walk, a medicine, time: small things count. This is what readers take with them."),
    ),
    "now": (
        _("What you would tell somebody now"),
        _("Somebody who is where you were. What would you have liked to hear?"),
    ),
}  # fmt: skip
STEP_HINTS = {
    "hard": _("You can stop at any time. What you wrote is kept for you alone."),
    "helped": _("If nothing helped yet, it may be too early for a story. You can keep it as a draft."),
    "now": _("There is no right answer, and no advice is needed."),
}
MISSING = {
    "title": _("Give it a title of three letters or more."),
    "helped": _("Say a little more about what helped: that is what readers take with them."),
    "hard": _("Say what was hard, or what you would tell somebody now."),
}
CHECKS = {
    "method": _("No method, no place, no number, nothing that could be copied"),
    "hope": _("It says what helped; help stands at its end"),
    "person": _("Nobody can be recognised: neither the author nor anybody else in it"),
    "others": _("It blames nobody and speaks kindly of people who live with illness"),
    "true": _("It is a story of one’s own, and promises no cure"),
}
CAPTIONS = {
    "time": _("Line %(line)s needs a time at its beginning, such as 0:05."),
    "order": _("The time in line %(line)s comes before the one above it."),
    "empty": _("There are no captions yet."),
    "long": _("These captions are too long."),
    "header": _("A caption file begins with the word WEBVTT."),
    "style": _("Captions with styles of their own (line %(line)s) cannot be used."),
}
FILES = {
    "unknown": _("This kind of file cannot be used. Pictures: JPEG, PNG, WebP. Sound: MP3, M4A, WAV, WebM. "
        "Film: MP4, WebM."),
    "large": _("This file is too large: 19 MB at most. Phones make far larger films: choose a small "
        "size first, or record sound only."),
    "unclean": _("This file holds more than sound and picture (such as a record of places), and we cannot "
        "remove that. Please save it again with another program."),
    "broken": _("This file could not be read to its end."),
}  # fmt: skip
# the reasons of wording.toml, for translation
WHYS = (
    _("“Commit” belongs to crimes. It can hurt people who lost somebody."),
    _("A death is no success, and living on is no failure."),
    _("Talk of a wave makes it look common, and it is not."),
    _("These words keep others from asking for help, for fear of being called the same."),
    _("A person is more than what they live with."),
    _("It lays blame, on those who died or on those who stayed. There is never one cause."),
    _("One reason alone makes it look like an answer to that trouble. There are always several."),
    _("Somebody who is low may read it as: that would help."),
    _("Strong words and farewell notes pull readers to the death and away from the life."),
    _("How it was done can become a way for somebody else. Readers need your story, not the method."),
    _("A named or known place can draw others to it."),
    _("Numbers and ways of hiding are read as instructions by people who are ill just now."),
    _("Figures on how people die make a comparison of ways."),
)
SAID = {
    "kept": _("Saved. Only you see it."),
    "sent": _(
        "Thank you. Somebody will read it with care, and you will hear from them. Nothing is public yet."
    ),
    "agreed": _("Your story is public. You can take it back at any time, with one tap."),
    "file": _("The file is saved. What it said about place, device and date was removed."),
    "captions": _("The captions are kept."),
    "gone": _("It is gone."),
    "back": _("It is a draft again."),
    "longer": _("Saved. You can still take it back at any time."),
    "done": _("Written down, and told to the author."),
}
