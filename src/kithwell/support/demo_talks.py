"""Invented conversations for the demo. Nobody's real words; sober, and without any method or place."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Talk:
    """What one invented person writes, and what a supporter answers in between (as long as there is one)."""

    language: str
    country: str
    lines: tuple[str, ...]
    replies: tuple[str, ...] = ()
    rating: int | None = None
    summary: str = ""
    next_step: str = ""


PAST: tuple[Talk, ...] = (
    Talk(
        "en", "GB",
        (
            "I can't sleep since I lost my job. Everything goes round and round.",
            "Nobody knows how bad it is.",
            "Thank you for listening.",
        ),
        (
            "I'm glad you wrote. How long has it been like this?",
            "That is a lot to carry alone. Who could know a little of it?",
        ),
        6, "Lost work three weeks ago, sleeps badly, feels alone with it.",
        "Will tell their sister at the weekend.",
    ),
    Talk(
        "en", "US",
        (
            "I had a panic attack in the lecture hall today and ran out.",
            "It's better now, I just feel silly.",
        ),
        ("That sounds frightening, and not silly at all. What helps you when it starts?",),
        4, "Panic attack at university, calm again.",
        "Will try the breathing exercise; campus counselling on Monday.",
    ),
    Talk(
        "es", "MX",
        (
            "Hola, no sé con quién hablar. Mi mamá está enferma y ya no puedo más.",
            "Gracias, necesitaba decirlo.",
        ),
        ("Gracias por escribir. Cuidar a alguien así pesa mucho. ¿Quién te cuida a ti?",),
        7, "Cuida a su madre, agotamiento.", "Va a pedir ayuda a su tía; volvemos a hablar el jueves.",
    ),
    Talk(
        "fr", "FR",
        ("Bonsoir, je me sens très seul depuis le déménagement.", "Oui, ça fait du bien d'en parler."),
        ("Bonsoir, merci d'avoir écrit. Qu'est-ce qui vous manque le plus ?",),
        5, "Solitude après un déménagement.", "Va essayer le groupe du mercredi.",
    ),
    Talk(
        "de", "DE",
        ("Seit der Trennung weine ich jeden Abend.", "Danke, das hilft schon."),
        ("Danke, dass Sie schreiben. Was ist abends am schwersten?",),
        6, "Trennung, weint abends.", "Ruft morgen eine Freundin an.",
    ),
    Talk(
        "pt", "BR",
        ("Oi, estou muito ansiosa com as provas.", "Obrigada!"),
        ("Oi! Que bom que você escreveu. O que mais preocupa você agora?",),
        4, "Ansiedade antes das provas.", "Plano de estudo curto e uma pausa por dia.",
    ),
    Talk(
        "en", "IE",
        (
            "Some days I wish I just wouldn't wake up. I wouldn't do anything.",
            "I never said that to anyone.",
            "My brother, maybe.",
        ),
        (
            "Thank you for trusting me with that. It makes sense to say it out loud. Is it like that tonight?",
            "Who is somebody you could sit with this evening?",
        ),
        8, "Passive wishes not to wake up, no plan. Has never said it before.",
        "Brother comes over tonight; follow-up tomorrow.",
    ),
    Talk(
        "en", "GB",
        ("My friend keeps saying she wants to die and I don't know what to do.",),
        ("You are a good friend for asking. You can ask her plainly, and you don't have to carry it alone.",),
        5, "Worried for a friend.", "Will ask her directly and bring in her parents.",
    ),
)  # fmt: skip

TALKING: tuple[Talk, ...] = (
    Talk(
        "en", "GB",
        (
            "Hi. I don't really know how to start.",
            "It's my dad. He shouts every night and I hide in my room.",
        ),
        ("You have started, and that is enough. I'm here.",),
        7,
    ),
    Talk(
        "es", "AR",
        ("Hola, hoy fue un día muy difícil en el trabajo.", "Me temblaban las manos."),
        ("Hola. Gracias por contarlo. ¿Cómo estás ahora mismo?",),
        5,
    ),
    Talk(
        "en", "US",
        ("I keep thinking about killing myself. It scares me.", "I'm in my room. My roommate is next door."),
        ("I'm really glad you told me. Are you safe right now, this minute?",),
        9,
    ),
    Talk("fr", "BE", ("Je n'arrive plus à me lever le matin.",), ("Merci d'avoir écrit. Depuis quand ?",), 6),
)  # fmt: skip

WAITING: tuple[Talk, ...] = (
    Talk("en", "GB", ("I have a plan to end my life and it scares me.",), (), 10),
    Talk("en", "NZ", ("I want to kill myself. I can't see another way any more.",), (), 9),
    Talk("es", "ES", ("Me quiero morir. No le veo sentido a nada.",), (), 9),
    Talk("en", "GB", ("Some nights I wish I would not wake up in the morning.",), (), 7),
    Talk("hi", "IN", ("मैं बहुत अकेला महसूस कर रहा हूँ।",), (), 6),
    Talk("ar", "EG", ("أشعر بحزن شديد ولا أستطيع النوم.",), (), 6),
    Talk("de", "AT", ("Ich habe Streit mit meiner Mutter und weiß nicht weiter.",), (), 4),
    Talk("en", "CA", ("Exam week is too much, can somebody just talk to me?",), (), 4),
)

WITH_ASSISTANT: tuple[Talk, ...] = (
    Talk("en", "GB", ("Is this private?",)),
    Talk("pt", "PT", ("Olá, não consigo dormir.",), (), 3),
    Talk("en", "ZA", ("This week is killing me, haha. Just needed to vent.",)),
)
