"""Six ordinary weeks of the demo's night owls: short words, each answered, so that months and pictures have something in
them. (who, days ago, minutes until the answer, words, who answers, their words)"""

# ruff: noqa: E501  (what people say is read best on one line)

from __future__ import annotations

from typing import Final

WEEKS: Final[tuple[tuple[str, int, int, str, str, str], ...]] = (
    ("Paper Boat", 41, 380, "First night here. I only wanted to know whether anybody is up.", "Fern", "Up, and glad you wrote."),
    ("Slow Tide", 40, 290, "The neighbour's light is on too. I have decided that we are friends.", "Old Lighthouse", "You are. Neighbours of the night."),
    ("Warm Bread", 39, 410, "I made soup at two. It was a very good decision.", "Paper Boat", "Which soup? I take notes."),
    ("Old Lighthouse", 38, 330, "Night shift for thirty years, and now that I may sleep I cannot.", "Warm Bread", "The body keeps its rota. Mine does too."),
    ("Quiet Heron", 37, 350, "I counted the stairs instead of sheep. There are fourteen.", "Slow Tide", "Fourteen is a good number of stairs."),
    ("Paper Boat", 34, 240, "Phone in the hallway tonight. Wish me luck.", "Quiet Heron", "Luck. Mine sleeps in the bread bin."),
    ("Slow Tide", 33, 300, "Does anybody else hear the fridge think?", "Warm Bread", "Mine hums in G. I hum back."),
    ("Warm Bread", 32, 210, "The birds began before I did. Again.", "Old Lighthouse", "They are paid for it. You are not."),
    ("Quiet Heron", 31, 260, "I told my sister that I do not sleep. She did not laugh.", "Fern", "That was a brave thing to tell."),
    ("Old Lighthouse", 30, 190, "Slept four hours in one piece. I report it here, where it counts.", "Paper Boat", "It counts. Well done, night."),
    ("Paper Boat", 27, 180, "Sunday nights are the long ones.", "Slow Tide", "They are. I read aloud on Sundays, to nobody."),
    ("Slow Tide", 26, 220, "I would like to be tired in the way that ends in sleep.", "Quiet Heron", "Yes. That way. Not the other one."),
    ("Warm Bread", 25, 150, "Walked round the block at four. Met a fox. We nodded.", "Old Lighthouse", "The fox knows you now."),
    ("Old Lighthouse", 24, 170, "What do you say when people ask why you look so tired?", "Warm Bread", "\"Long night.\" It is true and it is short."),
    ("Quiet Heron", 23, 140, "The list is shorter tonight. Three things, none of them urgent.", "Fern", "Three is a fine length for a list."),
    ("Paper Boat", 20, 130, "Rain on the roof. For once I did not mind being awake.", "Warm Bread", "I heard it too, from another roof."),
    ("Slow Tide", 19, 160, "My doctor listened. I had forgotten that they can.", "Paper Boat", "I am happy for you. What helped you say it?"),
    ("Warm Bread", 18, 110, "Bread in the oven at five. The kitchen is warm and so am I.", "Quiet Heron", "I can nearly smell it."),
    ("Old Lighthouse", 17, 120, "A year ago I would not have told anybody.", "Slow Tide", "And now you tell us. We are here."),
    ("Quiet Heron", 16, 140, "Woke at three and went back to sleep. Nothing more to report.", "Old Lighthouse", "That is the best report there is."),
    ("Paper Boat", 13, 90, "Lamp off at eleven. It felt like being told off by myself.", "Fern", "Be kind to whoever switches it off."),
    ("Slow Tide", 12, 120, "I miss the quiet when it is over. Is that odd?", "Warm Bread", "Not odd. It is the only time nobody wants anything."),
    ("Warm Bread", 11, 100, "Two bad nights, then this one. I write it down so that I remember.", "Paper Boat", "Written down here as well, then."),
    ("Old Lighthouse", 10, 80, "The tea with the long name works as well as any. That is: a little.", "Quiet Heron", "A little is what we deal in."),
    ("Quiet Heron", 9, 110, "Heard the first tram and thought: I am early, not late.", "Slow Tide", "I am keeping that sentence."),
    ("Paper Boat", 6, 70, "I said no to something today, so that the evening stayed empty.", "Old Lighthouse", "That is harder than saying yes."),
    ("Slow Tide", 6, 90, "Three hours. The pillow and I are talking again.", "Warm Bread", "Give it my regards."),
    ("Warm Bread", 5, 60, "Who is up? I have a question about curtains.", "Fern", "Up. Dark ones, and longer than you think."),
    ("Old Lighthouse", 4, 80, "The wind is loud. I am not afraid of it, only awake with it.", "Paper Boat", "Awake with it, four streets on."),
    ("Quiet Heron", 3, 70, "I switched the clock to face the wall. It is none of its business.", "Slow Tide", "Quite right. Nosy thing."),
)  # fmt: skip
