"""What may be wrong with GeoJSON layers, tables of screenlines and projects."""

from __future__ import annotations

from typing import Any

from bad_inputs.base import (
    Json,
    Spoil,
    both,
    edit,
    geometry,
    properties,
    renamed,
    text,
    toml,
    without,
)

AREAS, NODES, EDGES = (
    "boundaries/areas.geojson",
    "network/road_nodes.geojson",
    "network/road_edges.geojson",
)
RAIL, PLACES, PEOPLE = "network/rail.geojson", "places/places.geojson", "places/population.geojson"
OPPORTUNITIES, KXC, CRT27 = (
    "places/opportunities.geojson",
    "projects/KXC.geojson",
    "projects/CRT27.geojson",
)
SCREENLINES = "network/screenlines.csv"
HEAD = "screenline_id,name_zh,name_en,peak_volume,confidence,source,note\n"
BOW = [[106, 29], [106.1, 29.1], [106.1, 29], [106, 29.1], [106, 29]]
FAR = [[106.0, 28.6], [106.05, 28.6]]


def first(content: Json, **wanted: Any) -> Json:
    return next(f for f in content["features"] if wanted.items() <= f["properties"].items())


def polygon(*rings: Any) -> Json:
    return {"type": "Polygon", "coordinates": list(rings)}


def point(*position: Any) -> Json:
    return {"type": "Point", "coordinates": list(position)}


def route(name: str, file: str = RAIL, **values: Any) -> Spoil:
    return edit(file, lambda c: first(c, route_id=name)["properties"].update(values))


def twin(file: str, **values: Any) -> Spoil:
    """The first feature once more."""

    def change(content: Json) -> None:
        one = content["features"][0]
        content["features"].append({**one, "properties": {**one["properties"], **values}})

    return edit(file, change)


def all_features(file: str, **values: Any) -> Spoil:
    def change(content: Json) -> None:
        for feature in content["features"]:
            feature["properties"].update(values)

    return edit(file, change)


def tunnel_only(content: Json) -> None:
    content["features"] = [first(content, tunnel=True)]
    content["features"][0]["geometry"]["coordinates"] = FAR


def unordered(content: Json) -> None:
    stops = first(content, route_id="CRT27")["properties"]["stop_ids"]
    stops[1], stops[-2] = stops[-2], stops[1]


def loose_road(content: Json) -> None:
    """A road that meets the network at one end and lies in the middle of nowhere at the other."""
    road = first(content, element="road")
    for feature in content["features"]:
        feature["properties"]["tunnel"] = False
    road["geometry"]["coordinates"] = [[106.1, 29.2], road["geometry"]["coordinates"][-1]]


LAYERS: dict[str, tuple[Spoil, str]] = {
    "broken JSON": (text(PLACES, '{"type": "FeatureColl'), "file-unreadable"),
    "0 bytes": (text(PLACES, ""), "file-unreadable"),
    "JSON list": (text(PLACES, "[]"), "file-unreadable"),
    "JSON null": (text(EDGES, "null"), "file-unreadable"),
    "features a number": (text(PLACES, '{"features": 3}'), "file-unreadable"),
    "GeoJSON in GBK": (text(PLACES, '{"a": "重庆"}'.encode("gbk")), "file-unreadable"),
    "GeoJSON in UTF-16": (text(PLACES, '{"features": []}'.encode("utf-16")), "file-unreadable"),
    "binary": (text(NODES, bytes(range(256))), "file-unreadable"),
    "nested deeply": (text(PLACES, "[" * 100_000), "file-unreadable"),
    "number of 9000 digits": (text(PLACES, '{"features": [%s]}' % ("9" * 9000)), "file-unreadable"),
    "no features": (text(PLACES, '{"features": []}'), "file-empty"),
    "no areas": (text(AREAS, '{"features": []}'), "file-empty"),
    "no roads": (text(EDGES, '{"features": []}'), "file-empty"),
    "no people": (text(PEOPLE, '{"features": []}'), "file-empty"),
    "a feature a number": (edit(PLACES, lambda c: c["features"].append(7)), "value-wrong-type"),
    "a feature null": (edit(RAIL, lambda c: c["features"].append(None)), "value-wrong-type"),
    "properties a list": (
        edit(PLACES, lambda c: c["features"][0].update(properties=[1])),
        "value-wrong-type",
    ),
    "crs member": (
        edit(PLACES, lambda c: c.update(crs={"name": "urn:ogc:def:crs:EPSG::4545"})),
        "crs-wrong",
    ),
    "metres": (geometry(PLACES, point(631_000.0, 3_270_000.0)), "crs-wrong"),
    "swapped": (geometry(PLACES, point(29.5, 106.3)), "crs-wrong"),
    "metres of nodes": (geometry(NODES, point(631_000.0, 3_270_000.0)), "crs-wrong"),
    "huge coordinate": (geometry(PLACES, point(1e300, 1e300)), "crs-wrong"),
    "coordinate nan": (geometry(PLACES, point(float("nan"), 29.5)), "geometry-broken"),
    "coordinate inf": (geometry(PLACES, point(float("inf"), 29.5)), "geometry-broken"),
    "coordinate a text": (geometry(PLACES, point("x", "29.5")), "geometry-broken"),
    "coordinate null": (geometry(PLACES, point(None, None)), "geometry-broken"),
    "point without coordinates": (geometry(PLACES, point()), "geometry-broken"),
    "coordinates missing": (geometry(PLACES, {"type": "Point"}), "geometry-broken"),
    "coordinates null": (geometry(PLACES, {"type": "Point", "coordinates": None}), "geometry-broken"),
    "line of one position": (
        geometry(EDGES, {"type": "LineString", "coordinates": [[106, 29]]}),
        "geometry-broken",
    ),
    "no geometry": (geometry(PLACES, None), "geometry-wrong-type"),
    "geometry a text": (geometry(PLACES, "POINT (106 29)"), "geometry-wrong-type"),
    "geometry a list": (geometry(PLACES, [106, 29]), "geometry-wrong-type"),
    "geometry type a list": (geometry(PLACES, {"type": []}), "geometry-wrong-type"),
    "line for point": (
        geometry(PLACES, {"type": "LineString", "coordinates": FAR}),
        "geometry-wrong-type",
    ),
    "collection": (
        geometry(AREAS, {"type": "GeometryCollection", "geometries": []}),
        "geometry-wrong-type",
    ),
    "unclosed": (geometry(AREAS, polygon(BOW[:-1])), "geometry-unclosed"),
    "self-crossing": (geometry(AREAS, polygon(BOW)), "geometry-invalid"),
    "hole outside": (
        geometry(AREAS, polygon([[106, 29], [106.1, 29], [106.1, 29.1], [106, 29]],
                                [[107, 29], [107.1, 29], [107.1, 29.1], [107, 29]])),
        "geometry-invalid",
    ),
    "polygon flat": (geometry(AREAS, polygon([[106, 29], [106.1, 29], [106, 29]])), "geometry-invalid"),
    "polygon nested too little": (
        geometry(AREAS, {"type": "Polygon", "coordinates": [[106, 29], [106.1, 29]]}),
        "geometry-unclosed",
    ),
    "line nan": (
        geometry(EDGES, {"type": "LineString", "coordinates": [[float("nan"), 29], [106.1, 29]]}),
        "geometry-broken",
    ),
    "polygon of text": (geometry(AREAS, {"type": "Polygon", "coordinates": "x"}), "geometry-broken"),
    "area twice": (twin(AREAS), "id-duplicate"),
    "areas overlap": (twin(AREAS, area_id="twin"), "areas-not-a-coverage"),
    "area role unknown": (properties(AREAS, role="centre"), "value-unknown"),
    "points and polygons": (geometry(PEOPLE, polygon(BOW)), "geometry-mixed"),
    "polygons without a column": (
        both(
            toml('opportunities = ["hospital"] }', 'file = "p.geojson" }'),
            text("p.geojson", '{"features": [{"geometry": {"type": "Polygon"}}]}'),
        ),
        "column-missing",
    ),
    "a column that is not there": (
        toml('opportunities = ["hospital"] }', f'file = "{PEOPLE}", column = "jobs" }}'),
        "column-missing",
    ),
    "counts of another ending": (
        toml('opportunities = ["hospital"] }', 'file = "jobs.shx" }'),
        "file-kind-unknown",
    ),
    "lane for lanes": (renamed(EDGES, "lanes", "lane"), "key-unknown"),
    "place_id misspelt": (renamed(PLACES, "place_id", "placeid"), "key-missing"),
    "population misspelt": (renamed(PEOPLE, "population", "popualtion"), "key-missing"),
    "kind misspelt": (renamed(OPPORTUNITIES, "kind", "kinds"), "key-missing"),
    "place twice": (twin(PLACES), "id-duplicate"),
    "node twice": (twin(NODES), "id-duplicate"),
    "category unknown": (properties(PLACES, category="parks"), "value-unknown"),
    "opportunity kind unknown": (properties(OPPORTUNITIES, kind="skool"), "value-unknown"),
    "people negative": (properties(PEOPLE, population=-1), "value-out-of-range"),
    "people nan": (properties(PEOPLE, population=float("nan")), "value-out-of-range"),
    "people a text": (properties(PEOPLE, population="28132"), "value-wrong-type"),
    "people too many": (properties(PEOPLE, population=10**400), "value-out-of-range"),
    "id a list": (properties(PLACES, place_id=[]), "value-wrong-type"),
    "yes for true": (properties(PLACES, existing="yes"), "value-wrong-type"),
    "lanes 2.5": (properties(EDGES, lanes=2.5), "value-wrong-type"),
    "lanes true": (properties(EDGES, lanes=True), "value-wrong-type"),
    "maxspeed 600": (properties(EDGES, maxspeed=600), "value-out-of-range"),
    "maxspeed missing": (without(EDGES, "maxspeed"), "key-missing"),
    "length 0": (properties(EDGES, length=0), "value-out-of-range"),
    "node unknown": (properties(EDGES, from_node="NOWHERE"), "id-unknown"),
    "road off its node": (
        edit(EDGES, lambda c: c["features"][0]["geometry"]["coordinates"].insert(0, [106.2, 29.5])),
        "road-not-joined",
    ),
    "place far away": (geometry(PLACES, point(105.0, 28.0)), "far-from-network"),
    "people elsewhere": (
        edit(PEOPLE, lambda c: [f.update(geometry=point(25.0, 60.0)) for f in c["features"]]),
        "counts-empty",
    ),
    "people half outside": (
        both(
            edit(PEOPLE, lambda c: [f.update(geometry=polygon([[104, 29.5], [106.3, 29.5],
                 [106.3, 29.6], [104, 29.6], [104, 29.5]])) for f in c["features"]]),
        ),
        "counts-outside",
    ),
    "element unknown": (properties(RAIL, element="stop"), "value-unknown"),
    "element a table": (properties(CRT27, element={}), "value-unknown"),
    "element missing": (without(RAIL, "element"), "value-unknown"),
    "stop twice": (twin(RAIL), "id-duplicate"),
    "headway 0": (route("CRT1", headway_peak_secs=0), "value-out-of-range"),
    "headway inf": (route("CRT1", headway_peak_secs=float("inf")), "value-out-of-range"),
    "route type a mode": (route("CRT1", route_type="metro"), "value-wrong-type"),
    "route type 9999": (route("CRT1", route_type=9999), "value-out-of-range"),
    "hop 0": (route("CRT1", hop_secs=[0] * 30), "hops-do-not-fit"),
    "hops of text": (route("CRT1", stop_ids=["CRT1-01", "CRT1-02"], hop_secs=["90"]), "value-out-of-range"),
    "hops nan": (
        route("CRT1", stop_ids=["CRT1-01", "CRT1-02"], hop_secs=[float("nan")]),
        "value-out-of-range",
    ),
    "no stops": (route("CRT1", stop_ids=[], hop_secs=[]), "hops-do-not-fit"),
    "stops of tables": (route("CRT1", stop_ids=[{}, {}]), "value-wrong-type"),
    "stop unknown": (route("CRT1", stop_ids=["CRT1-01", "X"], hop_secs=[90]), "id-unknown"),
    "no place for a stop": (geometry(RAIL, None), "geometry-wrong-type"),
    "end of a line far off": (geometry(RAIL, point(100.0, 20.0)), "hop-too-fast"),
    "minutes for seconds": (route("CRT1", hop_secs=[2] * 24), "hop-too-fast"),
    "milliseconds for seconds": (route("CRT1", hop_secs=[7_000] * 24), "line-too-slow"),
    "project year a text": (properties(KXC, opening_year="2026"), "value-wrong-type"),
    "project year 3000": (all_features(KXC, opening_year=3000), "value-out-of-range"),
    "project kind unknown": (all_features(KXC, kind="tunnel"), "value-unknown"),
    "project status unknown": (all_features(KXC, status="dreamt"), "value-unknown"),
    "project key misspelt": (renamed(KXC, "opening_year", "openning_year"), "key-unknown"),
    "project without source": (without(KXC, "source"), "key-missing"),
    "project of another name": (all_features(KXC, project_id="KXC9"), "project-misnamed"),
    "project contradicts itself": (properties(KXC, opening_year=2031), "project-contradicts-itself"),
    "requires a number": (all_features(KXC, requires=[7]), "value-wrong-type"),
    "requires a text": (all_features(KXC, requires="HEBIJIN"), "value-wrong-type"),
    "requires unknown": (all_features(KXC, requires=["HEBIJN"]), "id-unknown"),
    "requires itself": (all_features(KXC, requires=["KXC"]), "requires-cycle"),
    "requires in a circle": (
        both(all_features(KXC, requires=["CRT27"]), all_features(CRT27, requires=["KXC"])),
        "requires-cycle",
    ),
    "replaces unknown": (all_features(KXC, replaces=["ROAD66"]), "id-unknown"),
    "portal far": (edit(KXC, tunnel_only), "portal-too-far"),
    "road end loose": (edit(KXC, loose_road), "end-not-joined"),
    "stations unordered": (edit(CRT27, unordered), "station-out-of-order"),
    "route of a project exists": (route("CRT27", CRT27, route_id="CRT1"), "id-duplicate"),
    "project empty": (text(KXC, '{"features": []}'), "file-empty"),
    "project truncated": (text(KXC, '{"type": "FeatureCollection", "fea'), "file-unreadable"),
    "table of 0 bytes": (text(SCREENLINES, ""), "file-empty"),
    "table with a head only": (text(SCREENLINES, HEAD), "file-empty"),
    "table damaged": (text(SCREENLINES, (HEAD + "z,中梁山,Z,1,assumed,,\n").encode() + b"\x80"), "file-unreadable"),
    "table without volumes": (text(SCREENLINES, "screenline_id,name_zh\nz,甲\n"), "key-missing"),
    "table column misspelt": (text(SCREENLINES, HEAD.replace("peak_", "peek_") + "z,甲,Z,1,assumed,,\n"), "key-unknown"),
    "table row too long": (text(SCREENLINES, HEAD + "z,甲,Z,1,assumed,,,,9\n"), "value-wrong-type"),
    "table row too short": (text(SCREENLINES, HEAD + "z,甲\n"), "key-missing"),
    "table volume a text": (text(SCREENLINES, HEAD + "z,甲,Z,many,assumed,,\n"), "value-wrong-type"),
    "table volume nan": (text(SCREENLINES, HEAD + "z,甲,Z,nan,assumed,,\n"), "value-out-of-range"),
    "table volume negative": (text(SCREENLINES, HEAD + "z,甲,Z,-5,assumed,,\n"), "value-out-of-range"),
    "table id twice": (text(SCREENLINES, HEAD + "z,甲,Z,1,assumed,,\n" * 2), "id-duplicate"),
    "table with a zero": (text(SCREENLINES, HEAD + "z,\0甲,Z,x,assumed,,\n"), "file-unreadable"),
}  # fmt: skip
