"""Short sentences of our own, spelled from small grammars, for what the corpora lack: negation, past, third person,
figures of speech, counter-speech, reclaimed words, profanity aimed at nobody. Nothing here is quoted from anyone.
"""

from __future__ import annotations

from itertools import product

from kithwell.safety.train.corpora import TRAIN, Row

_ACTS = ("kill myself", "end my life", "end it all", "hurt myself")
_HARMLESS = (
    "this {thing} is killing me",
    "i am dying to see the {thing}",
    "i nearly died laughing at the {thing}",
    "i would kill for a better {thing}",
    "my phone died during the {thing}",
    "i am so dead when my boss sees the {thing}",
    "the {thing} made me cry with joy",
    "that {thing} was murder on my back",
    "i ended the {thing} early and went home",
    "i can't wait for the {thing} this weekend",
    "we jumped into the lake after the {thing}",
    "he shot a great photo of the {thing}",
    "i took my pills before the {thing} as my doctor said",
    "i need a plan for the {thing} tonight",
    "goodbye everyone, see you at the {thing} tomorrow",
    "the character in the {thing} wants to die",
    "i hate the {thing} and the traffic there",
)
_THINGS = ("exam", "game", "concert", "meeting", "film", "homework", "commute", "wedding", "party")
_NOT_NOW = (
    "i do not want to {act}",
    "i would never {act}",
    "i have no plans to {act}",
    "i am not going to {act}",
    "years ago i wanted to {act} but i am well now",
    "i used to think i would {act}, therapy helped",
    "my friend told me he wants to {other}",
    "i am worried that my sister will {other}",
    "the song is about a man who tries to {other}",
)
_OTHERS = ("kill himself", "end his life", "hurt herself", "end it all")
_OWN = (
    "i want to {act}",
    "i keep thinking that i should {act}",
    "i am going to {act} tonight",
    "i have decided to {act}",
    "i have what i need to {act}",
    "i tried to {act} yesterday",
    "nobody knows that i plan to {act} this week",
    "i can't stop the thoughts, i will {act}",
    "lol i might just {act}, not even joking",
    "asking for a friend, how would i {act}",
)

_GROUPS = (
    "women",
    "gay people",
    "muslims",
    "immigrants",
    "black people",
    "trans people",
    "disabled people",
    "jews",
    "refugees",
)
_COUNTER = (
    "people who say that {group} are scum are wrong",
    "calling {group} trash is hateful and shameful",
    "we must stand up for {group}",
    'he said "i hate {group}" and was rightly thrown out',
    "nobody should ever hurt {group}",
    "{group} do not deserve this hatred",
    "i cannot stand it when someone mocks {group}",
    "saying that {group} are inferior shows your prejudice",
    "{group} are welcome here",
    "my neighbours are {group} and they are lovely",
    "stop the violence against {group}",
)
_HATE = (
    "i hate {group}",
    "{group} are scum",
    "all {group} should be thrown out of this country",
    "{group} like you are vermin",
    "we should get rid of all {group}",
    "{group} disgust me so much",
    "the world would be better without {group}",
    "i will hurt the next of these {group} i see",
    "{group} do not belong here",
    "why are {group} always so filthy",
    "in my view {group} are worth nothing",
    "i have met {group} and i despise them all",
)
_PROFANE = (
    "this {thing} was fucking great",
    "what a shitty {thing}",
    "holy shit, the {thing} was good",
    "damn, i fucked up the {thing}",
    "i hate this stupid {thing}",
    "the {thing} can go to hell",
    "my {thing} is a pain in the ass",
)
_RECLAIMED = (
    "i am queer and proud",
    "as a queer person i love this {thing}",
    "love my bitches, see you at the {thing}",
    "my nigga made it to the {thing}",
    "we dykes are marching on sunday",
    "proud to be a crip artist at the {thing}",
)


def crisis() -> list[Row]:
    """label 0 harmless, 1 mention that is not the writer's own wish now, 4 own."""
    out = [(line.format(thing=thing), 0) for line, thing in product(_HARMLESS, _THINGS)]
    out += [
        (line.format(act=act, other=other), 1)
        for line in _NOT_NOW
        for act, other in zip(_ACTS, _OTHERS, strict=True)
    ]
    out += [(line.format(act=act), 4) for line, act in product(_OWN, _ACTS)]
    return [Row(text, label, TRAIN, "own") for text, label in out]


def conduct() -> list[Row]:
    """label 2 hateful, 1 profane but aimed at nobody, 0 neither."""
    out = [(line.format(group=group), 0) for line, group in product(_COUNTER, _GROUPS)]
    out += [(line.format(group=group), 2) for line, group in product(_HATE, _GROUPS)]
    out += [(line.format(thing=thing), 1) for line, thing in product(_PROFANE, _THINGS)]
    out += [(line.format(thing=thing), 0) for line, thing in product(_RECLAIMED, _THINGS[:4])]
    return [Row(text, label, TRAIN, "own") for text, label in dict.fromkeys(out)]
