"""Access to ways by mode: cars, walkers, buses (OSM wiki, Key:access and its mode keys)."""

from __future__ import annotations

from dataclasses import dataclass

from geo.osm.elements import Tags
from layers.roads import MOTORWAYS

STREET_MODES = ("drive", "walk", "bus")
"""Columns of streets with the permitted modes."""
_MAIN = ("motorway", "trunk", "primary", "secondary", "tertiary")
DRIVING = (
    *_MAIN,
    *(f"{name}_link" for name in _MAIN),
    "unclassified",
    "residential",
    "living_street",
    "service",
    "road",
)
"""`highway` values open to cars unless a tag says otherwise."""
BUSES_ONLY = ("busway", "bus_guideway")
WALKING = (
    *(name for name in DRIVING if name not in MOTORWAYS),
    "pedestrian",
    "footway",
    "path",
    "steps",
    "cycleway",
    "bridleway",
    "track",
    "corridor",
    "platform",
    "elevator",
    "crossing",
)
"""`highway` values open to walkers unless a tag says otherwise. A trunk road (国道) is often the
only street of a village; expressways are tagged with `motorroad` or `sidewalk=no`."""
UNUSED = (
    *("construction", "proposed", "planned", "abandoned", "disused", "razed", "dismantled"),
    *("demolished", "no", "raceway", "rest_area", "services", "escape", "emergency_bay"),
    *("emergency_access_point", "bus_stop", "traffic_island", "via_ferrata", "toll_gantry"),
)
"""`highway` values of ways that are not in use."""
PRIVATE_SERVICES = ("parking_aisle", "driveway", "emergency_access", "drive-through", "private")
"""`service` values of ways to a single property; walkers may use them."""
DENIED = (
    *("no", "private", "emergency", "forestry", "agricultural", "military", "permit"),
    *("delivery", "use_sidepath", "restricted", "residents", "employees", "staff"),
)
"""Access values that exclude the public; any other value admits it."""
THROUGH = ("yes", "designated", "permissive", "official")
"""Access values that open a way of another class to through traffic, not only to residents."""
MOTOR_KEYS = ("motorcar", "motor_vehicle", "vehicle", "access")
BUS_KEYS = ("bus", "psv", "motor_vehicle", "vehicle", "access")
TRUNKS = ("trunk", "trunk_link")
FOOT_KEYS = ("foot", "access")
SIDEWALKS = ("both", "left", "right", "yes", "separate")
SIDEWALK_KEYS = ("sidewalk", "sidewalk:both", "sidewalk:left", "sidewalk:right")
BLOCKING = (
    *("bollard", "block", "chain", "cycle_barrier", "motorcycle_barrier", "stile", "turnstile"),
    *("kissing_gate", "full-height_turnstile", "jersey_barrier", "log", "debris", "planter"),
    *("horse_stile", "wicket_gate", "fence", "wall"),
)
"""`barrier` values that stop cars and buses unless a tag admits them."""
BUSES_PASS = ("bus_trap", "sump_buster")
"""`barrier` values that stop cars only."""


@dataclass(frozen=True)
class Access:
    """The modes that may use a way, or pass a barrier."""

    drive: bool
    walk: bool
    bus: bool

    @property
    def anybody(self) -> bool:
        """Whether any mode is permitted."""
        return self.drive or self.walk or self.bus


def _admits(tags: Tags, keys: tuple[str, ...]) -> bool | None:
    """Whether the most specific of the keys admits; None if there is no such tag."""
    for key in keys:
        if key in tags:
            return not all(value.strip() in DENIED for value in tags[key].split(";"))
    return None


def _or_default(tagged: bool | None, default: bool) -> bool:  # noqa: FBT001 - a default is a value here
    return default if tagged is None else tagged


def is_tagged_for_walkers(tags: Tags) -> bool:
    """Whether a tag for walkers admits them to a street."""
    return "foot" in tags or any(tags.get(key) in SIDEWALKS for key in SIDEWALK_KEYS)


def _walk(tags: Tags, highway: str) -> bool:
    for_cars = highway not in WALKING or tags.get("motorroad") == "yes"
    for_cars |= highway in TRUNKS and tags.get("sidewalk") == "no"
    if for_cars and not is_tagged_for_walkers(tags):
        return False
    return _or_default(_admits(tags, FOOT_KEYS), default=True)


def _motor(tags: Tags, highway: str, keys: tuple[str, ...]) -> bool:
    admitted = _admits(tags, keys)
    if tags.get("area") == "yes":
        return False
    if tags.get("service") in PRIVATE_SERVICES:
        return bool(admitted) and any(key in tags for key in keys[:2])
    if highway in DRIVING:
        return _or_default(admitted, default=True)
    # footways and bus lanes are open to modes that are admitted by a tag of their own
    own_values = [tags[key] for key in keys if key not in ("access", "vehicle") and key in tags]
    return bool(admitted) and any(value in THROUGH for value in own_values)


def way_access(tags: Tags) -> Access:
    """The modes that may use a street, a path, a platform or a ferry.

    Examples
    --------
    >>> way_access({"highway": "residential"})
    Access(drive=True, walk=True, bus=True)
    >>> way_access({"highway": "residential", "access": "private"}).anybody
    False
    >>> way_access({"highway": "service", "access": "no", "bus": "yes"})
    Access(drive=False, walk=False, bus=True)
    >>> way_access({"highway": "footway"}), way_access({"highway": "trunk", "foot": "yes"}).walk
    (Access(drive=False, walk=True, bus=False), True)
    >>> way_access({"route": "ferry", "motor_vehicle": "yes"}).drive
    True
    """
    highway = highway_of(tags)
    if highway in UNUSED:
        return Access(drive=False, walk=False, bus=False)
    if highway == "ferry":
        cars = any(key in tags for key in MOTOR_KEYS[:3]) and bool(_admits(tags, MOTOR_KEYS))
        return Access(
            drive=cars, walk=_or_default(_admits(tags, FOOT_KEYS), default=True), bus=False
        )
    bus = _motor(tags, highway, BUS_KEYS)
    if highway in BUSES_ONLY:
        bus = _or_default(_admits(tags, BUS_KEYS[:2]), default=True)
    return Access(_motor(tags, highway, MOTOR_KEYS), _walk(tags, highway), bus)


def highway_of(tags: Tags) -> str:
    """The class of a way; platforms and ferries are classes of their own.

    Examples
    --------
    >>> highway_of({"highway": "path"}), highway_of({"railway": "platform"}), highway_of({})
    ('path', 'platform', '')
    """
    if "highway" in tags:
        return tags["highway"]
    if tags.get("route") == "ferry":
        return "ferry"
    is_platform = "platform" in (tags.get("railway"), tags.get("public_transport"))
    return "platform" if is_platform else ""


def is_known(highway: str) -> bool:
    """Whether the class is one of those that these rules cover."""
    return highway in (*DRIVING, *WALKING, *BUSES_ONLY, *UNUSED, "ferry")


def barrier_access(tags: Tags) -> Access:
    """The modes that may pass a node with a `barrier`.

    Examples
    --------
    >>> barrier_access({"barrier": "bollard"})
    Access(drive=False, walk=True, bus=False)
    >>> barrier_access({"barrier": "gate", "access": "private"}).anybody
    False
    """
    passes = tags.get("barrier") not in BLOCKING and tags.get("locked") != "yes"
    cars_pass = passes and tags.get("barrier") not in BUSES_PASS
    return Access(
        _or_default(_admits(tags, MOTOR_KEYS), cars_pass),
        _or_default(_admits(tags, FOOT_KEYS), default=True),
        _or_default(_admits(tags, BUS_KEYS), passes),
    )
