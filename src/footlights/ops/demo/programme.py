"""What the demo shows: people, channels and titles as data. filling.py puts it into the service."""

from dataclasses import dataclass, field

from footlights.kernel.money import Money
from footlights.ops.demo import films
from footlights.ops.demo.films import Film


@dataclass(frozen=True, kw_only=True)
class House:
    """A channel, the person who runs it, and what its pictures are called."""

    handle: str
    name: str
    owner: str
    art: str
    description: str


@dataclass(frozen=True, kw_only=True)
class Work:
    """A title. Without a `film` it is the one that was really filmed. Prices in minor units, by kind of offer."""

    slug: str
    house: str
    name: str
    description: str
    category: str
    tags: list[str]
    film: Film | None = None
    offers: list[tuple[str, Money]] = field(default_factory=list)
    credit: str = "A short made for this demo."
    language: str = "en"
    maturity: str = "all"


def _free() -> list[tuple[str, Money]]:
    return [("free", Money(0, "EUR"))]


def _for_sale(currency: str, *, buy: int = 0, rent: int = 0) -> list[tuple[str, Money]]:
    """Prices in minor units."""
    return [(kind, Money(price, currency)) for kind, price in (("rent", rent), ("buy", buy)) if price]


HOUSES = [
    House(
        handle="lanternhouse",
        name="Lantern House",
        owner="Mira Castellan",
        art="lantern-house",
        description="A very small animation studio above a bakery. We draw by hand, light by feel and publish on Fridays.",
    ),
    House(
        handle="fieldnotes",
        name="Field Notes",
        owner="Jonas Eide",
        art="field-notes",
        description="Short, patient films about weather, water and whatever happens to fly past. No narrator. Bring headphones.",
    ),
    House(
        handle="nightsignal",
        name="Night Signal",
        owner="Ada Okafor",
        art="night-signal",
        description="Music you can watch. Patterns, machines and mathematics after dark.",
    ),
]

WORKS = [
    Work(
        slug="big-buck-bunny",
        house="lanternhouse",
        name="Big Buck Bunny",
        description="A gentle giant of a rabbit steps out into a perfect spring morning, and three small bullies decide to spoil it. "
        "They have picked the wrong rabbit. The opening half minute of the open film that taught a generation of players to play.",
        category="animation",
        tags=["open film", "comedy", "family"],
        offers=_free(),
        credit="© 2008 Blender Foundation, www.bigbuckbunny.org. Licensed under CC BY 3.0.",
    ),
    Work(
        slug="the-paper-moon-ferry",
        house="lanternhouse",
        name="The Paper Moon Ferry",
        description="Every night at ten the last ferry leaves for an island that is on no map. Tonight the moon is out of paper, "
        "the captain is out of matches, and there is one passenger too many. A lullaby for people who do not sleep.",
        category="animation",
        tags=["night", "sea", "hand-drawn"],
        film=Film(seconds=8, scene=films.NIGHT_SEA, chord=(98.0, 146.8, 220.0, 246.9)),
        offers=_for_sale("EUR", buy=900, rent=300),
    ),
    Work(
        slug="ember",
        house="lanternhouse",
        name="Ember",
        description="Two brothers, one campfire, and the story their father never finished. Told entirely by firelight, "
        "in the colours a fire has just before it goes out.",
        category="short",
        tags=["fire", "brothers"],
        film=Film(seconds=7, scene=films.FIRE, chord=(82.4, 123.5, 164.8, 196.0)),
        offers=_for_sale("EUR", buy=650),
        maturity="teen",
    ),
    Work(
        slug="small-hours",
        house="lanternhouse",
        name="Small Hours",
        description="Between two and five a city belongs to bakers, night nurses and those who could not stay in bed. "
        "A window goes on, another goes out. Somebody, somewhere, is putting the kettle on.",
        category="short",
        tags=["city", "night"],
        film=Film(seconds=7, scene=films.WINDOWS, chord=(110.0, 164.8, 207.7, 277.2)),
        offers=_for_sale("USD", buy=700, rent=250),
    ),
    Work(
        slug="where-the-rain-begins",
        house="fieldnotes",
        name="Where the Rain Begins",
        description="We followed one cloud across four valleys, from the ridge where it formed to the roof it finally fell on. "
        "Eleven days of walking for one afternoon of rain.",
        category="documentary",
        tags=["weather", "mountains", "walking"],
        film=Film(seconds=8, scene=films.RAIN, weather="pink"),
        offers=_for_sale("EUR", buy=800, rent=250),
    ),
    Work(
        slug="low-tide",
        house="fieldnotes",
        name="Low Tide",
        description="An afternoon on the flats, seen from straight above: a dog, a red boat, and the sea coming back for both.",
        category="nature",
        tags=["sea", "slow", "from above"],
        film=Film(seconds=7, scene=films.SURF, weather="brown"),
        offers=_free(),
    ),
    Work(
        slug="aurora-minus-thirty",
        house="fieldnotes",
        name="Aurora, Minus Thirty",
        description="Thirty degrees below, two hundred kilometres above the Arctic Circle, three nights awake in one small tent. "
        "Then, at four in the morning, the whole sky moved.",
        category="nature",
        tags=["arctic", "night sky"],
        film=Film(seconds=8, scene=films.AURORA, chord=(130.8, 196.0, 261.6, 392.0)),
        offers=_for_sale("EUR", buy=1200, rent=400),
    ),
    Work(
        slug="the-murmuration",
        house="fieldnotes",
        name="The Murmuration",
        description="Ten thousand starlings come in over the reeds each evening and for six minutes nobody is in charge. "
        "How does a flock decide? A film about attention, with birds.",
        category="documentary",
        tags=["birds", "evening", "science"],
        film=Film(seconds=8, scene=films.BIRDS, chord=(146.8, 220.0, 293.7, 370.0)),
        offers=_for_sale("EUR", rent=350),
    ),
    Work(
        slug="mandels-garden",
        house="nightsignal",
        name="Mandel’s Garden",
        description="Fall in and keep falling. One set of numbers, one slow zoom, and a garden at every depth. "
        "Scored for bowed glass and patience.",
        category="art",
        tags=["fractals", "mathematics"],
        film=Film(seconds=8, scene=films.GARDEN, chord=(87.3, 130.8, 174.6, 261.6, 329.6)),
        offers=_for_sale("USD", buy=1500, rent=500),
    ),
    Work(
        slug="cellular",
        house="nightsignal",
        name="Cellular",
        description="Three rules, no plan: a neighbourhood of small lives that are born, get crowded, and move on. "
        "The live visuals of the Warehouse 9 session, uncut.",
        category="music",
        tags=["live set", "generative"],
        film=Film(seconds=7, scene=films.CELLS, chord=(55.0, 110.0, 165.0, 233.1)),
        offers=_for_sale("JPY", buy=980, rent=400),
    ),
    Work(
        slug="sierpinski-waltz",
        house="nightsignal",
        name="Sierpiński Waltz",
        description="A dance in three steps that never quite repeats, for string quartet and one very stubborn triangle.",
        category="music",
        tags=["waltz", "mathematics"],
        film=Film(seconds=6, scene=films.TRIANGLES, chord=(123.5, 155.6, 185.0, 246.9)),
        offers=_for_sale("GBP", buy=450),
    ),
    Work(
        slug="slow-light",
        house="nightsignal",
        name="Slow Light",
        description="One sunset in one shot, with everything that was said about it afterwards left out. "
        "Best after a long day, with the phone in another room.",
        category="art",
        tags=["slow", "sunset", "ambient"],
        film=Film(seconds=8, scene=films.SUNSET, chord=(65.4, 98.0, 130.8, 164.8)),
        offers=_free(),
    ),
]

# What has been bought before you came: who, which title, which kind.
SALES = [
    ("viewer", "the-paper-moon-ferry", "buy"),
    ("viewer", "aurora-minus-thirty", "rent"),
    ("viewer", "ember", "buy"),
    ("noor", "the-paper-moon-ferry", "rent"),
    ("noor", "small-hours", "buy"),
    ("theo", "the-paper-moon-ferry", "buy"),
    ("theo", "where-the-rain-begins", "buy"),
    ("ines", "ember", "buy"),
    ("ines", "mandels-garden", "rent"),
]
# Where the viewer stopped, in parts of a hundred of the film.
WATCHED = [("big-buck-bunny", 40), ("the-paper-moon-ferry", 62), ("low-tide", 58)]
AUDIENCE = {"noor": "Noor Haddad", "theo": "Theo Lindqvist", "ines": "Inês Duarte"}
