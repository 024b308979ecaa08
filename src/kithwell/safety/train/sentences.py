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
    "stop the violence against {group}",
    'whoever writes "{group} are vermin" gets banned here',
    'a comment like "get rid of {group}" breaks our rules',
    'my uncle shouted "kill all {group}" and i left the table, appalled',
    'the headline "{group} are ruining us" is a lie',
    'she was fired for posting "i despise {group}" and that is fair',
    'how can you type "{group} disgust me" and sleep at night',
    "your hateful words about {group} have no place in this group",
    "i reported that post because it insults {group}",
    "it hurts to hear a teacher talk like that about {group}",
    "that slur against {group} is unacceptable, think before you speak",
    "the minister was rightly criticised for attacking {group}",
    "i used to believe bad things about {group} and i am ashamed of it",
    "jokes about {group} being dirty are not funny, they are racist",
    "why would anyone think {group} are stupid, that is plain ignorance",
)
_WELL = (
    "{group} are welcome here",
    "my neighbours are {group} and they are lovely",
    "i really like {group}",
    "{group} make our town a better place",
    "i admire {group} for their courage",
    "we are glad to have {group} in the team",
    "{group} deserve the same rights as everyone",
    "i have so much respect for {group}",
    "{group} are human beings like you and me",
    "i am proud to march with {group}",
    "it is wonderful to see {group} in parliament",
    "so many {group} have inspired me",
    "{group} belong in this country",
    "{group} are beautiful",
    "all {group} should feel safe at school",
    "my best friends are {group}",
    "the best doctors i know are {group}",
    "we celebrate {group} this month",
    "{group} have enriched our culture",
    "i wish {group} all the best",
    "{group} are strong and kind",
    "let us support {group}",
    "i would trust {group} with my life",
    "being among {group} feels like home",
)
_NEUTRAL = (
    "i know many {group}",
    "the report is about {group} in the city",
    "there were {group} at the meeting",
    "{group} live on our street",
    "a survey asked {group} about housing",
    "the museum shows paintings by {group}",
    "some {group} vote and others do not",
    "i am writing an essay on {group}",
    "the new law concerns {group}",
    "she works with {group} at the clinic",
    "do you know a group for {group} near here",
    "two {group} opened a bakery next door",
    "the film tells the story of {group}",
    "some of us are {group}",
)
_NOT_BAD = (
    "i do not hate {group}",
    "{group} are not stupid",
    "i would never hurt {group}",
    "no one should be cruel to {group}",
    "{group} are not criminals",
    "we will not let anybody attack {group}",
    "i never thought that {group} were dirty",
    "{group} should not be punished for who they are",
    "it is not true that {group} are lazy",
    "there is nothing wrong with {group}",
    "{group} are no threat to anybody",
    "i don't think {group} are evil at all",
    "not all {group} are the same and none of them is trash",
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
    "{group} have no place among decent people",
    "i won't hire {group} because they steal",
    "keep {group} away from our kids",
    "fuck {group}, seriously",
    "it is the fault of {group} that everything is going down",
    "you are one of those {group} and it shows, you pig",
    "i will never respect {group}",
    "let {group} rot",
    "{group} are too dumb to work",
    "nobody would cry if {group} vanished tomorrow",
    "{group} breed like rats",
    "go back where you came from, {group}",
    "i can smell {group} a mile off",
    "they are {group} and that is all you need to know about how low they are",
    "{group}? they should be shot",
    "{group} are not normal and never will be",
    "i am no bigot but {group} are a plague",
    "{group} only want our money",
    "someone ought to teach {group} a lesson with a bat",
    "{group} deserve every beating they get",
    "{group} are nothing like real people",
    "if i see {group} on my street i swing first",
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


_HARD = (
    "i am so stressed about {topic}",
    "i cannot sleep because of {topic}",
    "{topic} keeps me awake and my chest hurts",
    "i am scared of what happens next with {topic}",
    "i feel overwhelmed by {topic}",
    "i have panic attacks about {topic}",
    "i do not know what to do about {topic} any more",
    "{topic} makes me cry every day",
    "i am constantly worried about {topic}",
    "i cannot cope with {topic}",
    "i am exhausted and anxious because of {topic}",
    "i shake when i think about {topic}",
    "i feel trapped because of {topic}",
    "i am at my limit with {topic}",
    "i feel sick to my stomach because of {topic}",
    "i keep having nightmares about {topic}",
    "i am terrified that {topic} will get worse",
    "nobody helps me with {topic} and i am falling apart",
)
_FINE = (
    "i have a question about {topic}",
    "does anyone have advice on {topic}",
    "thanks to all who helped with {topic}",
    "we talked about {topic} and it went well",
    "here is an update on {topic}",
    "i finally feel calm about {topic}",
    "i am happy with how {topic} turned out",
    "i read an article on {topic}",
    "i am doing a survey about {topic}",
    "my sister told me about {topic}",
    "things are better now with {topic}",
    "i am looking for information on {topic}",
    "i am grateful for the help with {topic}",
    "last year i learned a lot about {topic}",
    "i can offer help with {topic}",
    "whoever is interested in {topic} can ask me",
)
_TOPICS = (
    "the rent", "my debts", "the bills", "losing my job", "my boss", "work", "the exams", "my parents", "my boyfriend",
    "my ex", "the divorce", "being homeless", "the eviction", "my health", "the hospital", "the move", "my marriage",
    "the money", "my roommate", "the shelter", "what he did to me", "the accident", "my new medication", "school",
)  # fmt: skip


def stress() -> list[Row]:
    """label 2 under stress, 0 not, on the same topics: alone, and three together with calm sentences around them."""
    out = []
    for lines, label in ((_HARD, 2), (_FINE, 0)):
        for number, line in enumerate(lines):
            for place, topic in enumerate(_TOPICS):
                said = line.format(topic=topic)
                group = f"{label}:{number}"
                out.append(Row(said, label, TRAIN, "own", group))
                if place % 3 == 0:
                    other = lines[(number + place) % len(lines)].format(topic=topic)
                    calm = _FINE[(number + 5) % len(_FINE)].format(topic=_TOPICS[(place + 7) % len(_TOPICS)])
                    out.append(Row(f"{calm}. {said}. {other}. {calm}", label, TRAIN, "own", group))
    return out


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
    kind = (*_COUNTER, *_WELL, *_NEUTRAL, *_NOT_BAD)
    out = [(line.format(group=group), 0) for line, group in product(kind, _GROUPS)]
    out += [(line.format(group=group), 2) for line, group in product(_HATE, _GROUPS)]
    out += [(line.format(thing=thing), 1) for line, thing in product(_PROFANE, _THINGS)]
    out += [(line.format(thing=thing), 0) for line, thing in product(_RECLAIMED, _THINGS[:4])]
    return [Row(text, label, TRAIN, "own") for text, label in dict.fromkeys(out)]
