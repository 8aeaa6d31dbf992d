"""What may be wrong with feeds, tables of buses, rasters, OpenStreetMap files and folders."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import rasterio
from rasterio.transform import from_origin

from bad_inputs.base import (
    FEED,
    LINES,
    Spoil,
    both,
    csv,
    edit,
    gtfs,
    named,
    pack,
    text,
    toml,
)

RASTER = toml('"places/population.geojson"', '"people.tif"')
OSM = toml("[scenarios.today]", '[osm]\nfile = "area.osm"\n\n[scenarios.today]')
BOMB = (
    '<?xml version="1.0"?><!DOCTYPE osm [<!ENTITY a "aaaaaaaaaa">'
    + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + ']><osm version="0.6"><node id="1" lat="29.6" lon="106.3"><tag k="name" v="&i;"/></node></osm>'
)
TIMES = FEED["stop_times"]
FAR_STOP = (
    "route_id,route_name,stop_sequence,stop_id,stop_name,lon,lat,hop_secs\n"
    "L,线,1,A,甲,106.30,29.60,\nL,线,2,B,乙,106.325,29.60,30\nL,线,3,C,丙,106.31,29.60,30\n"
)
ON_DEMAND = (
    TIMES.replace("stop_sequence\n", "stop_sequence,location_id\n").replace(",1\n", ",1,\n")
    .replace(",2\n", ",2,\n") + "u,,,,1,zone\nu,,,,2,zone\n"
)  # fmt: skip
BLOCKS = {
    "trips": "route_id,service_id,trip_id,block_id\nR,S,t,b\nR,S,u,b\n",
    "stop_times": TIMES + "u,07:02:00,07:02:00,A,1\nu,07:07:00,07:07:00,B,2\n",
}
NO_TIME = {
    "trips": FEED["trips"] + "R,S,u\n",
    "stop_times": TIMES + "u,08:00:00,08:00:00,A,1\nu,08:00:05,08:00:05,B,2\n",
}
FREQUENCIES = "trip_id,start_time,end_time,headway_secs\n"


def raster(
    path: str, *, bands: int = 1, crs: str | None = "EPSG:4326", west: float = 106.0, **more: object
) -> Spoil:
    """A GeoTIFF of 1,000 m or so a cell over the study area, or elsewhere."""

    def spoil(folder: Path) -> None:
        kind = str(more.get("dtype", "float32"))
        place = (
            {"transform": from_origin(west, 30.0, 0.01, 0.01)} if more.get("placed", True) else {}
        )
        size = int(str(more.get("size", 120)))
        with rasterio.open(
            folder / path,
            "w",
            driver="GTiff",
            width=size,
            height=size,
            count=bands,
            dtype=kind,
            crs=crs,
            **place,
        ) as file:
            for band in range(1, bands + 1):
                file.write(np.ones((size, size), dtype=kind), band)

    return both(RASTER, spoil)


def cut(file: str, part: float) -> Spoil:
    """Only the first part of a file."""

    def spoil(folder: Path) -> None:
        whole = (folder / file).read_bytes()
        (folder / file).write_bytes(whole[: int(len(whole) * part)])

    return spoil


def gone(file: str) -> Spoil:
    return lambda folder: (folder / file).unlink()


def link(file: str, to: str) -> Spoil:
    """A link in place of a file."""

    def spoil(folder: Path) -> None:
        (folder / file).unlink(missing_ok=True)
        (folder / file).symlink_to(to)

    return spoil


def huge(file: str, size: int) -> Spoil:
    """A file with a hole, which takes no room."""

    def spoil(folder: Path) -> None:
        with (folder / file).open("wb") as stream:
            stream.truncate(size)

    return spoil


def bomb(folder: Path) -> None:
    pack(folder / "feed.zip", {**FEED, "shapes": b"0" * 60_000_000})


def wrong_name(folder: Path) -> None:
    """A name in the zip that is said to be UTF-8 and is none."""
    path = folder / "feed.zip"
    pack(path, {**FEED, "停": "x"})
    path.write_bytes(path.read_bytes().replace("停".encode(), b"\xe9ab"))


def many(folder: Path) -> None:
    pack(folder / "feed.zip", {**FEED, **{f"x{n}.bin": b"" for n in range(1_200)}})


def no_place(folder: Path) -> None:
    edit("network/rail.geojson", lambda c: c["features"][0].update(geometry=None))(folder)


FILES: dict[str, tuple[Spoil, str]] = {
    "file gone": (gone("places/places.geojson"), "file-missing"),
    "roads gone": (gone("network/road_edges.geojson"), "file-missing"),
    "table gone": (gone("network/screenlines.csv"), "file-missing"),
    "file a folder": (both(gone("places/places.geojson"), lambda f: (f / "places/places.geojson").mkdir()), "file-missing"),
    "file cut": (cut("network/rail.geojson", 0.5), "file-unreadable"),
    "roads cut": (cut("network/road_edges.geojson", 0.9), "file-unreadable"),
    "file too large": (huge("places/places.geojson", 1_000_000_001), "file-too-large"),
    "link out": (link("places/places.geojson", "/etc/hostname"), "path-outside-study"),
    "link of a project out": (link("projects/KXC.geojson", "/etc/hostname"), "path-outside-study"),
    "link in a circle": (link("places/places.geojson", "places.geojson"), "path-outside-study"),
    "transit of another ending": (both(named("lines.xlsx"), text("lines.xlsx", "x")), "file-kind-unknown"),
    # tables of buses
    "csv 0 bytes": (csv(""), "column-missing"),
    "csv head only": (csv(LINES.splitlines()[0]), "file-empty"),
    "csv GBK": (csv(LINES.encode("gbk")), "encoding-gbk"),
    "csv UTF-16": (csv(LINES.encode("utf-16")), "file-unreadable"),
    "csv BOM and a bad number": (csv(b"\xef\xbb\xbf" + LINES.replace("106.30", "x").encode()), "value-wrong-type"),
    "csv column missing": (csv(LINES.replace("stop_id", "stop")), "column-missing"),
    "csv column misspelt": (csv(LINES.replace("lat\n", "lat,hop_sec\n")), "key-unknown"),
    "csv column twice": (csv(LINES.replace("lat\n", "lat,lat\n")), "id-duplicate"),
    "csv row too long": (csv(LINES + "L,线,3,C,丙,106.3,29.6,9,9\n"), "value-wrong-type"),
    "csv row too short": (csv(LINES + "L,线,3\n"), "key-missing"),
    "csv newline in quotes": (csv(LINES + 'L,"线\n路",3,C,丙,abc,29.6\n'), "value-wrong-type"),
    "csv quote left open": (csv(LINES + 'L,"线,3,C,丙,106.3,29.6\n'), "file-unreadable"),
    "csv lat 95": (csv(LINES.replace("29.60", "95", 1)), "value-out-of-range"),
    "csv lon nan": (csv(LINES.replace("106.30", "nan", 1)), "value-out-of-range"),
    "csv lon only": (csv(LINES.replace(",29.60", ",", 1)), "key-missing"),
    "csv sequence twice": (csv(LINES + "L,线,2,C,丙,106.3,29.6\n"), "id-duplicate"),
    "csv one stop": (csv("".join(LINES.splitlines(keepends=True)[:2])), "hops-do-not-fit"),
    "csv stop moved": (csv(LINES + "L,线,3,A,甲,106.40,29.60\n"), "stop-moved"),
    "csv stop nowhere": (csv(LINES.replace("106.31,29.60", ",")), "stop-unplaced"),
    "csv semicolons": (csv(LINES.replace(",", ";")), "column-missing"),
    "csv field too long": (csv(LINES + f"L,{'x' * 200_000},3,C,丙,1,2\n"), "file-unreadable"),
    "csv stop far": (csv(FAR_STOP), "stop-jump"),
    # feeds
    "gtfs no zip": (both(named("feed.zip"), text("feed.zip", "hello")), "file-unreadable"),
    "gtfs 0 bytes": (both(named("feed.zip"), text("feed.zip", "")), "file-unreadable"),
    "gtfs gone": (named("feed.zip"), "file-missing"),
    "gtfs cut": (both(gtfs(), cut("feed.zip", 0.7)), "file-unreadable"),
    "gtfs empty zip": (both(named("feed.zip"), lambda f: pack(f / "feed.zip", {})), "file-missing"),
    "gtfs name no UTF-8": (both(named("feed.zip"), wrong_name), "file-unreadable"),
    "gtfs bomb": (both(named("feed.zip"), bomb), "file-too-large"),
    "gtfs many files": (both(named("feed.zip"), many), "file-too-large"),
    "gtfs path up": (gtfs(**{"../evil.txt": "x"}), "file-unsafe"),
    "gtfs path absolute": (gtfs(**{"/tmp/evil.txt": "x"}), "file-unsafe"),  # noqa: S108
    "gtfs path of Windows": (gtfs(**{"C:\\evil.txt": "x"}), "file-unsafe"),
    "gtfs shape elsewhere": (
        gtfs(
            trips="route_id,service_id,trip_id,shape_id\nR,S,t,s\n",
            shapes="shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence\n"
            "s,29.66,106.30,1\ns,29.66,106.31,2\n",
        ),
        "shape-off-stops",
    ),
    "gtfs no stops": (gtfs(stops=None), "file-missing"),
    "gtfs no stop_times": (gtfs(stop_times=None), "file-missing"),
    "gtfs no calendar": (gtfs(calendar=None), "file-missing"),
    "gtfs stops GBK": (gtfs(stops=FEED["stops"].encode("gbk")), "file-unreadable"),
    "gtfs column missing": (gtfs(stops=FEED["stops"].replace("stop_id", "id")), "column-missing"),
    "gtfs bad time": (gtfs(stop_times=TIMES.replace("07:05:00", "7h05")), "value-wrong-type"),
    "gtfs time 07:75": (gtfs(stop_times=TIMES.replace("07:05:00", "07:75:00")), "value-wrong-type"),
    "gtfs time missing": (gtfs(stop_times=TIMES.replace("07:05:00", "")), "key-missing"),
    "gtfs times backwards": (gtfs(stop_times=TIMES.replace("07:05", "06:05")), "times-backwards"),
    "gtfs stop unknown": (gtfs(stop_times=TIMES.replace(",B,", ",X,")), "id-unknown"),
    "gtfs route unknown": (gtfs(trips=FEED["trips"].replace("R,S", "Q,S")), "id-unknown"),
    "gtfs service unknown": (gtfs(trips=FEED["trips"].replace("R,S", "R,T")), "id-unknown"),
    "gtfs trip unknown": (gtfs(stop_times=TIMES + "u,08:00:00,08:00:00,A,1\n"), "id-unknown"),
    "gtfs stop twice": (gtfs(stops=FEED["stops"] + "A,甲,29.6,106.3\n"), "id-duplicate"),
    "gtfs sequence twice": (gtfs(stop_times=TIMES + "t,07:06:00,07:06:00,A,2\n"), "id-duplicate"),
    "gtfs one stop": (gtfs(stop_times=TIMES[: TIMES.index("t,07:05")]), "trip-too-short"),
    "gtfs latitude 95": (gtfs(stops=FEED["stops"].replace("29.60", "95", 1)), "value-out-of-range"),
    "gtfs latitude inf": (gtfs(stops=FEED["stops"].replace("29.60", "inf", 1)), "value-wrong-type"),
    "gtfs stop nowhere": (gtfs(stops=FEED["stops"].replace("29.60,106.31", ",")), "stop-unplaced"),
    "gtfs route type": (gtfs(routes=FEED["routes"].replace(",3\n", ",bus\n")), "value-wrong-type"),
    "gtfs bad date": (gtfs(calendar=FEED["calendar"].replace("20220404", "20221345")), "value-wrong-type"),
    "gtfs weekday 2": (gtfs(calendar=FEED["calendar"].replace("S,1", "S,2")), "value-out-of-range"),
    "gtfs weekends only": (gtfs(calendar=FEED["calendar"].replace("1,1,1,1,1,0,0", "0,0,0,0,0,1,1")), "service-empty"),
    "gtfs night only": (gtfs(stop_times=TIMES.replace("07:0", "23:0")), "route-not-running"),
    "gtfs of another year": (gtfs(calendar=FEED["calendar"].replace("2022", "2010")), "service-date-outside"),
    "gtfs on demand": (gtfs(stop_times=ON_DEMAND, trips=FEED["trips"] + "R,S,u\n"), "trip-on-demand"),
    "gtfs with fares": (gtfs(fare_attributes="fare_id,price\nf,2\n"), "feed-part-unused"),
    "gtfs blocks overlap": (gtfs(**BLOCKS), "block-overlap"),
    "gtfs no run time": (gtfs(**NO_TIME), "times-impossible"),
    "gtfs frequency of 0": (gtfs(frequencies=FREQUENCIES + "t,07:00:00,09:00:00,0\n"), "value-out-of-range"),
    "gtfs frequency backwards": (gtfs(frequencies=FREQUENCIES + "t,09:00:00,07:00:00,600\n"), "times-backwards"),
    "gtfs frequencies overlap": (
        gtfs(frequencies=FREQUENCIES + "t,07:00:00,09:00:00,600\nt,08:00:00,10:00:00,600\n"),
        "times-overlap",
    ),
    "gtfs shape latitude": (gtfs(shapes="shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence\ns,x,1,1\n"), "value-wrong-type"),
    # rasters
    "raster gone": (RASTER, "file-missing"),
    "raster no GeoTIFF": (both(RASTER, text("people.tif", "hello")), "file-unreadable"),
    "raster 0 bytes": (both(RASTER, text("people.tif", "")), "file-unreadable"),
    "raster cut": (both(raster("people.tif"), cut("people.tif", 0.3)), "file-unreadable"),
    "raster without crs": (raster("people.tif", crs=None), "crs-missing"),
    "raster of two bands": (raster("people.tif", bands=2), "raster-bands"),
    "raster without a place": (raster("people.tif", placed=False), "raster-not-placed"),
    "raster elsewhere": (raster("people.tif", west=20.0), "raster-elsewhere"),
    "raster too small": (raster("people.tif", size=50), "raster-too-small"),
    "raster of complex numbers": (raster("people.tif", dtype="complex64"), "value-wrong-type"),
    # OpenStreetMap
    "osm gone": (OSM, "file-missing"),
    "osm no XML": (both(OSM, text("area.osm", "hello")), "file-unreadable"),
    "osm 0 bytes": (both(OSM, text("area.osm", "")), "file-unreadable"),
    "osm cut": (both(OSM, text("area.osm", '<osm version="0.6"><node id="1"')), "file-unreadable"),
    "osm entity bomb": (both(OSM, text("area.osm", BOMB)), "file-unreadable"),
    "osm external entity": (
        both(OSM, text("area.osm", '<!DOCTYPE osm [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
             '<osm version="0.6"><node id="1" lat="1" lon="1"><tag k="n" v="&x;"/></node></osm>')),
        "file-unreadable",
    ),
    "osm gzip cut": (
        both(toml("[scenarios.today]", '[osm]\nfile = "area.osm.gz"\n\n[scenarios.today]'),
             text("area.osm.gz", gzip.compress(b"<osm></osm>" * 99)[:20])),
        "file-unreadable",
    ),
    "osm of another ending": (
        both(toml("[scenarios.today]", '[osm]\nfile = "area.txt"\n\n[scenarios.today]'),
             text("area.txt", "x")),
        "file-unreadable",
    ),
    "stop of a feed without a place": (no_place, "geometry-wrong-type"),
}  # fmt: skip
