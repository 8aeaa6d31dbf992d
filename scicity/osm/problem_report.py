"""Problems of the OpenStreetMap data of a study, as table, page and layer."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
from markupsafe import Markup

from geo.crs import to_wgs84
from geo.files import write_text
from geo.formats.geojson import write_geojson
from layers.osm.problems import KINDS, problem_counts
from scicity.inputs.study import Study
from scicity.outputs.files import LayerFile, write_csv

STEM = "osm_problems"
PAGE = Markup(
    '<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title><style>'
    "body{{font:14px/1.5 'Microsoft YaHei','PingFang SC','Noto Sans CJK SC',"
    "'Noto Sans SC Subset',sans-serif;"
    "max-width:1000px;margin:2em auto;padding:0 1em}}table{{border-collapse:collapse;width:100%}}"
    "td,th{{text-align:left;vertical-align:top;padding:3px 10px 3px 0;"
    "border-bottom:1px solid #ddd}}small{{color:#555}}summary{{cursor:pointer;font-weight:bold}}"
    "</style></head><body><h1>{title}</h1><p>{intro}</p>{kinds}</body></html>\n"
)
KIND = Markup(
    "<details><summary>{count} · {zh} <small>{en}</small></summary>"
    "<p>处理 <small>what the import did</small>: {does_zh} <small>{does_en}</small> "
    "<small>({kind})</small></p><table>{rows}</table></details>\n"
)
ROW = Markup(
    '<tr><td><a href="{url}">{osm_type}/{osm_id}</a></td><td>{message}</td>'
    "<td>{lat:.5f}, {lon:.5f}</td></tr>\n"
)


def problem_page(problems: gpd.GeoDataFrame, title: str) -> str:
    """HTML page of the problems: one section a kind, a link to each element.

    Parameters
    ----------
    problems
        `layers.osm.problems.PROBLEM_COLUMNS`, EPSG:4326.
    title
        Heading of the page.
    """
    sections = []
    for kind, count in problem_counts(problems).items():
        texts = KINDS[kind]
        of_kind = problems.loc[problems["kind"] == kind]
        rows = Markup().join(
            ROW.format(**row, lon=point.x, lat=point.y)
            for row, point in zip(
                of_kind[["url", "osm_type", "osm_id", "message"]].to_dict("records"),
                of_kind.geometry,
                strict=True,
            )
        )
        sections.append(
            KIND.format(
                count=count,
                zh=texts.zh,
                en=texts.en,
                does_zh=texts.does_zh,
                does_en=texts.does_en,
                kind=kind,
                rows=rows,
            )
        )
    intro = Markup("{} 个问题 <small>{} problems of {} kinds</small>").format(
        len(problems), len(problems), len(sections)
    )
    # imported late, as fontTools is slow to load
    from maps.style.chinese_font import font_face  # noqa: PLC0415

    text = str(PAGE.format(title=title, intro=intro, kinds=Markup().join(sections)))
    return text.replace("</head>", f"<style>{font_face(text)}</style></head>", 1)


def osm_title(study: Study) -> str:
    """Heading of the page of problems."""
    return f"{study.settings.study.name_zh} · OpenStreetMap"


def osm_layers(study: Study) -> list[LayerFile]:
    """Layers of OpenStreetMap besides streets and routes; none without it."""
    if study.osm is None:
        return []
    return [
        LayerFile("osm_tracks", to_wgs84(study.osm.tracks)),
        LayerFile("osm_entrances", to_wgs84(study.osm.entrances)),
        LayerFile("osm_problems", study.osm.problems),
    ]


def write_restrictions(restrictions: pd.DataFrame, folder: Path) -> None:
    """Write `turn_restrictions.csv`: `RESTRICTION_COLUMNS`, lists of ids joined by spaces."""
    lists = ("via_nodes", "via_ways")
    flat = restrictions.assign(**{name: restrictions[name].map(" ".join) for name in lists})
    write_csv(flat, folder / "turn_restrictions.csv")


def write_problems(problems: gpd.GeoDataFrame, title: str, folder: Path) -> list[Path]:
    """Write `osm_problems.csv`, `.html` and `.geojson`.

    Returns
    -------
    list of Path
        The three files.
    """
    table = problems.drop(columns="geometry")
    table = table.assign(lon=problems.geometry.x, lat=problems.geometry.y)
    paths = [folder / f"{STEM}{ending}" for ending in (".csv", ".html", ".geojson")]
    write_csv(table.round({"lon": 7, "lat": 7}), paths[0], decimals=7)
    write_text(paths[1], problem_page(problems, title))
    write_geojson(problems, paths[2])
    return paths
