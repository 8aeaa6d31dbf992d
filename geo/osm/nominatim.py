"""The boundary of a named place in OpenStreetMap, from a Nominatim server."""

from __future__ import annotations

import geopandas as gpd
import requests

from geo.faults import BadInputError, Fault
from geo.osm.osmnx_session import WITHOUT_INTERNET, no_answer_error, osmnx_with, refuse_bad_answer

NOMINATIM = "https://nominatim.openstreetmap.org"
PLACE_COLUMNS = ("osm_type", "osm_id", "name", "display_name", "geometry")


def find_place(name: str, *, url: str = NOMINATIM) -> gpd.GeoDataFrame:
    """The boundary of the most important place with that name and a boundary.

    One request through `ox.geocode_to_gdf`, after a pause of a second (the rule of the public
    server: at most one request a second). Nothing is cached: a new study looks a place up once.

    Parameters
    ----------
    name
        A search text, such as `Bishan District, Chongqing`.
    url
        The server, without `/search`.

    Returns
    -------
    GeoDataFrame
        One row with `PLACE_COLUMNS`: `osm_type` (relation, way) and `osm_id`, the short and the
        full name, and a polygon or multipolygon in EPSG:4326.

    Raises
    ------
    BadInputError
        `place-unknown` if nothing with an area has that name; `server-no-answer`.
    """
    hooks = {"hooks": {"response": refuse_bad_answer}}
    settings = {"nominatim_url": url, "use_cache": False, "requests_kwargs": hooks}
    with osmnx_with(**settings) as ox:
        try:
            boundary = ox.geocode_to_gdf(name)
        except requests.RequestException as error:
            raise no_answer_error(url, error, where=name, hint=WITHOUT_INTERNET) from error
        except (ValueError, TypeError) as error:  # of OSMnx: no result, or none with an area
            message = f"no area is named {name}"
            hint = "a name as openstreetmap.org finds it, such as: Bishan District, Chongqing"
            raise BadInputError([Fault(url, name, "place-unknown", message, hint)]) from error
    return boundary.reindex(columns=list(PLACE_COLUMNS))
