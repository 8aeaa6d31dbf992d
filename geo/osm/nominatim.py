"""Where a named place is: its boundary in OpenStreetMap, from a Nominatim server."""

from __future__ import annotations

import geopandas as gpd
import requests

from geo.faults import BadInputError, Fault
from geo.osm.osmnx_session import WITHOUT_INTERNET, osmnx_with, refuse_bad_answer, unanswered

NOMINATIM = "https://nominatim.openstreetmap.org"
PLACE_COLUMNS = ("osm_type", "osm_id", "name", "display_name", "geometry")


def find_place(name: str, *, url: str = NOMINATIM) -> gpd.GeoDataFrame:
    """The boundary of the most important place of that name that has one.

    One request through `ox.geocode_to_gdf`, after a pause of a second (the public server's rule:
    one a second at most). Nothing is kept: a place is looked up once, for a new study.

    Parameters
    ----------
    name
        As one would search for it: `Bishan District, Chongqing`.
    url
        Server, without its `/search`.

    Returns
    -------
    GeoDataFrame
        One row with `PLACE_COLUMNS`: `osm_type` (relation, way) and `osm_id`, the place's own and
        its full name, and a polygon or multipolygon in EPSG:4326.

    Raises
    ------
    BadInputError
        `place-unknown` if nothing with an area has that name; `server-no-answer`.
    """
    hooks = {"hooks": {"response": refuse_bad_answer}}
    settings = {"nominatim_url": url, "use_cache": False, "requests_kwargs": hooks}
    with osmnx_with(**settings) as ox:
        try:
            found = ox.geocode_to_gdf(name)
        except requests.RequestException as error:
            raise unanswered(url, error, where=name, hint=WITHOUT_INTERNET) from error
        except (ValueError, TypeError) as error:  # OSMnx's: nothing found, nothing with an area
            message = f"no area is named {name}"
            hint = "a name as openstreetmap.org finds it, such as: Bishan District, Chongqing"
            raise BadInputError([Fault(url, name, "place-unknown", message, hint)]) from error
    return found.reindex(columns=list(PLACE_COLUMNS))
