"""Travel-time surfaces as GeoTIFF."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from analysis.graph.routable_network import routable_network
from analysis.graph.travel import Band, Mode, Travel
from analysis.surface.time_grid import TimeGrid, time_grid
from analysis.timetable.departure_window import LUCK_PERCENTILES
from geo.faults import BadInputError, Fault
from geo.files import replacing
from layers.network import TransportNetwork
from scicity.inputs.pair import EVALUATED_MODES, Pair
from scicity.inputs.study import Study
from scicity.results.run_results import BANDS, place_origin

NO_DATA = -1.0
"""Value of cells not reached, declared in the file."""
WAITING: dict[Band, str] = {band: f"travel time, {band} waiting" for band in BANDS}
"""What the bands of a raster hold where lines have headways."""


def waiting_bands(mode: Mode) -> tuple[Band, ...]:
    """Expected, best and worst luck with waiting for transit; expected only for other modes."""
    return BANDS if mode == "transit" else ("expected",)


def time_grids(
    study: Study, network: TransportNetwork, mode: Mode, *, limit_secs: float
) -> dict[Band, TimeGrid]:
    """Times from the study's origin at the peak, by waiting band."""
    origin_id = study.settings.study.origin
    origin = place_origin(study, origin_id)
    grids = {}
    for band in waiting_bands(mode):
        travel = Travel(mode, "peak", band)
        routable = routable_network(network, origin, travel=travel, conditions=study.conditions)
        grids[band] = time_grid(routable, origin_id, limit_secs=limit_secs)
    return grids


def band_names(study: Study, network: TransportNetwork, mode: Mode) -> Mapping[Band, str]:
    """What the bands of a raster hold: where lines have a timetable, percentiles."""
    if mode != "transit" or not network.has_timetable:
        return WAITING
    own = study.conditions.windows.peak.percentile
    shares = {band: LUCK_PERCENTILES.get(band, own) for band in BANDS}
    word = "arrivals" if study.conditions.windows.peak.arrive_by else "departures"
    return {band: f"travel time, percentile {shares[band]:g} of {word}" for band in BANDS}


def _stack_grids(grids: Sequence[TimeGrid]) -> tuple[np.ndarray, float, float]:
    """Grids aligned and stacked: bands x rows x columns, with their western and northern edge."""
    cell_m = grids[0].cell_m
    west, north = min(g.west for g in grids), max(g.north for g in grids)
    offsets = [
        (round((north - g.north) / cell_m), round((g.west - west) / cell_m), *g.secs.shape)
        for g in grids
    ]
    rows = max(row + height for row, _, height, _ in offsets)
    columns = max(column + width for _, column, _, width in offsets)
    stack = np.full((len(grids), rows, columns), NO_DATA, dtype=np.float32)
    for band, (grid, (row, column, height, width)) in enumerate(zip(grids, offsets, strict=True)):
        secs = np.where(np.isfinite(grid.secs), grid.secs, NO_DATA)
        stack[band, row : row + height, column : column + width] = secs
    return stack, west, north


def write_time_raster(
    grids: dict[Band, TimeGrid], path: Path, *, names: Mapping[Band, str] = WAITING
) -> None:
    """Write grids as a GeoTIFF: a band each, seconds as float32, `NO_DATA` where not reached.

    Parameters
    ----------
    grids
        Times by band, in one coordinate system.
    path
        The file.
    names
        What each band is called in the file.

    Raises
    ------
    BadInputError
        If rasterio is not installed.
    """
    try:
        import rasterio  # noqa: PLC0415 - an extra
    except ImportError as error:
        hint = 'pip install "scicity[raster]"'
        message = "GeoTIFF needs rasterio"
        raise BadInputError(
            [Fault("--also", "geotiff", "rasterio-missing", message, hint)]
        ) from error
    stack, west, north = _stack_grids(list(grids.values()))
    first = next(iter(grids.values()))
    profile = {
        "driver": "GTiff",
        "dtype": "float32",
        "count": len(stack),
        "height": stack.shape[1],
        "width": stack.shape[2],
        "crs": first.crs,
        "transform": rasterio.Affine(first.cell_m, 0, west, 0, -first.cell_m, north),
        "nodata": NO_DATA,
        "compress": "deflate",
        "tiled": True,
    }
    with replacing(path) as temporary, rasterio.open(temporary, "w", **profile) as file:
        file.write(stack)
        for number, band in enumerate(grids, 1):
            file.set_band_description(number, names[band])
        file.units = ["s"] * len(grids)


def write_time_rasters(study: Study, pair: Pair, folder: Path) -> None:
    """Write `travel_time_<scenario>_<mode>.tif`, up to the largest cutoff of isochrones."""
    limit = max(study.settings.study.isochrone_cutoffs_secs)
    for name, network in pair.both:
        for mode in EVALUATED_MODES:
            grids = time_grids(study, network, mode, limit_secs=float(limit))
            names = band_names(study, network, mode)
            write_time_raster(grids, folder / f"travel_time_{name}_{mode}.tif", names=names)
