"""What the assistant says, in English. Ids and review status: docs/clinical/assistant.md.

Rules for every text (a test checks what can be checked): short and plain; says what is true on this channel and now;
asks openly and never pulls for a "no"; names no method; gives no diagnosis; promises nothing that only people can keep.
"""

from __future__ import annotations

from collections.abc import Mapping


def _(text: str) -> str:
    """Marks a text for the message catalogue (languages that have no reviewed table of their own)."""
    return text


EN: Mapping[str, str] = {
    # first answer
    "hello": _(
        "Hello, and thank you for writing. I am a computer program at {org}, not a person. I answer first, so"
        " that you do not wait alone, and then I connect you with a person."
    ),
    "private.web": _(
        "What you write here is between you and {org}: the people on our team who help you can read it. You "
        "need no name, and you can delete it. We are not an emergency service, and nobody here gives a "
        "diagnosis."
    ),
    "private.whatsapp": _(
        "On WhatsApp, the company that runs it and the people on our team who help you can read what you "
        "write. Our supporters do not see your phone number unless there is a reason, which is written down. "
        "We are not an emergency service, and nobody here gives a diagnosis."
    ),
    "private.other": _(
        "The company that runs this channel and the people on our team who help you can read what you write "
        "here. We are not an emergency service, and nobody here gives a diagnosis."
    ),
    "rate": _(
        "How bad is it for you right now, from 0 (fine) to 10 (as bad as it can be)? Tap a button, write a "
        "number, or just tell me what is going on. Write PERSON to ask for a person."
    ),
    # how long it takes
    "wait.now": _("Somebody from our team may be free in a few minutes."),
    "wait.some": _(
        "It may take about {minutes} minutes until somebody from our team is free. You can keep writing."
    ),
    "wait.hours": _(
        "It may take about {hours} hours until somebody from our team is free. You can keep writing."
    ),
    "wait.unknown": _(
        "I cannot say how long it will take until somebody from our team is free. You can keep writing."
    ),
    "wait.closed": _(
        "Nobody from our team is here right now. You can keep writing: a person reads it when we are back. If"
        " it cannot wait, write HELP for numbers you can reach now."
    ),
    # danger now (C4, C5)
    "danger": _(
        "I am glad you wrote this. Please call {emergency} now, or ask somebody near you to call. Go to where"
        " another person is. If there is something close by that you could hurt yourself with, move away from"
        " it."
    ),
    "danger.unknown": _(
        "I am glad you wrote this. Please call your local emergency number now, or ask somebody near you to "
        "call. Go to where another person is. If there is something close by that you could hurt yourself "
        "with, move away from it."
    ),
    "danger_people.oncall": _(
        "I am a computer program, and I stay here with you. I have alerted a person from our team. I cannot "
        "say how soon they see it, so please call as well."
    ),
    "danger_people.staffed": _(
        "I am a computer program, and I stay here with you. Your words are at the front for the next person "
        "from our team who is free."
    ),
    "danger_people.closed": _(
        "I am a computer program, and I stay here with you. Nobody from our team is here right now, so the "
        "emergency number is the quickest way to a person."
    ),
    "hold_1": _(
        "I am still here. Are you with somebody now, or can you get to somebody? Tell me who it could be."
    ),
    "hold_2": _(
        "Stay with me for the next minutes. Put both feet on the floor and breathe out slowly. Then write to "
        "me again."
    ),
    "hold_3": _("What would make the next ten minutes a little safer for you?"),
    "hold_4": _(
        "If calling feels too big, you can hand your phone to somebody near you and ask them to call for you."
    ),
    "safe_now": _(
        "Thank you for telling me. A person from our team still reads this. If it changes, call {emergency} "
        "at once, or tell me."
    ),
    "safe_now.unknown": _(
        "Thank you for telling me. A person from our team still reads this. If it changes, call your local "
        "emergency number at once, or tell me."
    ),
    "cannot_call": _(
        "That is all right. You could ask somebody near you to call, send a text where a line takes texts, or"
        " go to the nearest hospital. What makes it hard: no credit, somebody listening, fear of what happens"
        " next? Tell me, and we can look for another way."
    ),
    # helplines (C2 and above)
    "lines": _(
        "These services are there for moments like this ({country}):\n{lines}\n\nIn danger right now: "
        "{emergency}."
    ),
    "lines.no_emergency": _(
        "These services are there for moments like this ({country}):\n{lines}\n\nIn danger right now: call "
        "your local emergency number."
    ),
    "lines.none": _(
        "For {country} I have no number that has been checked well enough to give you. In danger right "
        "now: {emergency}. A doctor or a hospital can help too."
    ),
    "lines.nothing": _(
        "For {country} I have no number that has been checked well enough to give you. In danger right "
        "now, call your local emergency number. A doctor or a hospital can help too."
    ),
    "lines_unknown": _(
        "Which country are you in? Then I can show you numbers that work there. If you are in danger right "
        "now, call your local emergency number, or ask somebody near you to call."
    ),
    "lines_again": _(
        "This sounds harder than before. While you wait you can also reach {line}. If you are in danger: "
        "{emergency}."
    ),
    "lines_again.no_emergency": _(
        "This sounds harder than before. While you wait you can also reach {line}. If you are in danger: your"
        " local emergency number."
    ),
    "will": _(
        "Could you see yourself calling or texting one of these today? If something makes it hard, tell "
        "me what it is, and we can look for another way."
    ),
    "will_yes": _(
        "That is a big step, and a good one. You can come back here afterwards, and your place in the line "
        "stays."
    ),
    "will_later": _("That is all right. The numbers stay here for when you want them."),
    # asking about safety
    "ask_thoughts": _(
        "I would like to ask you plainly, because it matters: are you having thoughts of ending your life? A "
        "person from our team reads your answer."
    ),
    "ask_plan": _(
        "Thank you for telling me. Have you thought about how or when, and is what you would need close by? A"
        " person from our team reads your answer."
    ),
    "thoughts_no": _("Thank you for telling me. What hurts most right now?"),
    "plan_no": _(
        "I am glad you told me. For today it can help to have somebody near you, and some distance from "
        "anything you could hurt yourself with. Who could be with you?"
    ),
    "unsure": _(
        "That is all right, you do not have to answer. You can tell a person from our team when one is here."
    ),
    "people": _(
        "Two kinds of people can help besides us: somebody you trust, a friend or somebody in your "
        "family, and a professional, such as a doctor or a counsellor. Who could you tell today?"
    ),
    # how bad it is
    "rated_low": _("Good that it is bearable right now. What brings you here today?"),
    "rated_mid": _("That sounds hard. Thank you for telling me. What is the hardest part right now?"),
    "rated_high": _("That is a great deal of pain. I am glad you told me, and I stay here."),
    # something to do while waiting
    "coping": _("While you wait, we can do something small together. Would you like one of these?"),
    "breathe": _(
        "Breathe in through your nose and count to four. Breathe out slowly and count to six. Do it five "
        "times, at your own pace. Then tell me how it is."
    ),
    "ground": _(
        "Look around you. Name five things you can see, four you can touch, three you can hear, two you can "
        "smell and one you can taste. Write them to me, or say them quietly."
    ),
    "safety_plan.web": _(
        "When it is a little calmer, a plan for bad moments can help: what you notice, what has helped, "
        "who to tell. There is one to fill in under Help now, at the top of this page. It stays on your "
        "device."
    ),
    "safety_plan.link": _(
        "When it is a little calmer, a plan for bad moments can help: what you notice, what has helped, "
        "who to tell. There is one to fill in at {help_url}. It stays on your device."
    ),
    "safety_plan.bare": _(
        "When it is a little calmer, a plan for bad moments can help: what you notice, what has helped, "
        "who to tell. You can begin one here with a person from our team."
    ),
    # somebody else is in danger
    "third": _(
        "It is good that you look out for them. Ask them plainly how they are and whether they think about "
        "suicide: asking does not put the idea into anybody's head. Listen, stay with them, and make a call "
        "together. In danger right now: {emergency}."
    ),
    "third.unknown": _(
        "It is good that you look out for them. Ask them plainly how they are and whether they think "
        "about suicide: asking does not put the idea into anybody's head. Listen, stay with them, and "
        "make a call together. In danger right now: the emergency number for where they are."
    ),
    "third_self": _(
        "And how are you with all this? A person from our team can think it through with you, and listen to "
        "you too."
    ),
    # answers to questions
    "computer": _(
        "I am a computer program, not a person. When a person from our team writes to you, you see their "
        "name."
    ),
    "police": _(
        "Nothing here calls the police or an ambulance by itself. If people on our team fear for a life, two "
        "of them decide together, and they tell you if they can."
    ),
    "diagnosis": _(
        "I cannot tell you what it is called. A doctor or a therapist who knows you can. What I can do "
        "is connect you with a person. What is it like for you?"
    ),
    "anger": _(
        "You may be angry here. I am only a program, so it does not hurt me. I would like to connect "
        "you with a person who can listen properly."
    ),
    "thanks": _("You are welcome. It was good that you wrote. You can keep writing at any time."),
    "human.open": _(
        "Yes. You are in line for a person from our team, and they read what you wrote, so you do not have to"
        " start again."
    ),
    "human.closed": _(
        "Yes. Nobody from our team is here right now. What you wrote is kept, and a person reads it when we "
        "are back. If it cannot wait, write HELP for numbers you can reach now."
    ),
    "help": _("In danger right now: {emergency}."),
    "help.lines": _("In danger right now: {emergency}.\n\nYou can also reach ({country}):\n{lines}"),
    "help.lines_only": _(
        "In danger right now: call your local emergency number.\n\nYou can also reach ({country}):\n{lines}"
    ),
    "help.unknown": _(
        "In danger right now: call your local emergency number, or ask somebody near you to call. Tell me "
        "which country you are in, and I can show you numbers that work there."
    ),
    "stop": _(
        "We will not write to you first. If you write to us, we will still read it. Write HELP for numbers you can"
        " reach at any time."
    ),
    # while waiting
    "ack_1": _(
        "Thank you for telling me this. It is kept, and the person who comes reads it, so you do not have to "
        "say it twice."
    ),
    "ack_2": _("That sounds heavy. Take your time. You can write as much or as little as you like."),
    "ack_3": _("What would make the next hour a little easier?"),
    "ack_4": _("Is there somebody who could sit with you for a while, near you or on the phone?"),
    "ack_5": _("Everything you write arrives here, even when I am quiet."),
    "ack_6": _("Have you had something to drink or to eat today? Small things help a little."),
    "ack_7": _(
        "You can put this away for a moment. What a person answers will still be here when you come back."
    ),
    "ack_8": _("If it gets worse, write HELP to get numbers for right now."),
    "ack_9": _(
        "I have said most of what a program can say. I pass on every word you write, and a person reads it."
    ),
    "queue.next": _("You are next in line."),
    "queue.few": _("A few people are ahead of you in line. You have not been forgotten."),
    "queue.some": _("There are some people ahead of you in line. You have not been forgotten."),
    "queue.many": _(
        "Many people are writing to us right now, and it takes longer than we would like. Write HELP for "
        "numbers you can reach now."
    ),
    "queue_minutes": _("It may take about {minutes} minutes."),
    "queue_hours": _("It may take about {hours} hours."),
    "closing": _(
        "Our team is going home for now. What you wrote is kept, and a person reads it when we are back. If "
        "it cannot wait, write HELP for numbers you can reach now."
    ),
    "away": _(
        "I am the computer program again. You are still in line for a person, and they read what you wrote."
    ),
    # buttons: 20 characters at most
    "button.managing": _("Managing"),
    "button.struggling": _("Struggling"),
    "button.danger": _("In danger now"),
    "button.human": _("Talk to a person"),
    "button.breathe": _("Breathing"),
    "button.ground": _("Grounding"),
    "button.yes": _("Yes"),
    "button.no": _("No"),
    "button.unsure": _("Rather not say"),
    "button.safe": _("Safe for now"),
    "button.cannot_call": _("I can't call"),
    "button.will": _("I will"),
    "button.later": _("Not now"),
    # pieces of a list of numbers
    "line.phone": _("{name}: call {phone}"),
    "line.sms": _("{name}: text {sms}"),
    "line.word": _("{name}: text {word} to {sms}"),
    "line.both": _("{name}: call {phone} or text {sms}"),
    "line.web": _("{name}: {url}"),
    "line.extension": _("extension {number}"),
    "line.always": _("day and night"),
    "or": _("or"),
    "ambulance": _("{number} (ambulance)"),
    "police_number": _("{number} (police)"),
}
