"""Control totals: the part of a layer of counts in the study area, which its zones must hold."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.areal.area_shares import count_inside
from geo.areal.raster_cells import raster_inside
from geo.areas import StudyArea
from geo.faults import Fault
from layers.counts import Counts

_LEFT_OUT = 0.01
"""Share of the counts near a study area that may lie outside it without a warning."""


@dataclass(frozen=True)
class Total:
    """The part of a layer of counts that lies in the study area.

    Attributes
    ----------
    name, file
        `population` or the name of an opportunity, and its file.
    near
        The counts of all polygons that meet the study area, or of all points in it and towns
        whose discs meet it. For a raster only the part inside: rasters extend beyond the border,
        so cells that the border cuts are no loss.
    inside
        The part of it that lies inside: the zones must sum to exactly this.
    """

    name: str
    file: str
    near: float
    inside: float

    @property
    def is_cut(self) -> bool:
        """Whether so much lies outside the study area that there is a warning."""
        return self.near - self.inside > _LEFT_OUT * self.near

    def warnings(self) -> list[Fault]:
        """Warnings that nothing lies in the study area, or that much is left out."""
        if not self.inside:
            message, allowed = f"no {self.name} of it lies in the study area", "the right place"
            return [Fault(self.file, "", "counts-empty", message, allowed, "warning")]
        if not self.is_cut:
            return []
        outside = self.near - self.inside
        message = (
            f"of {self.near:.0f} {self.name} at the study area, {outside:.0f}"
            f" ({outside / self.near:.1%}) lie outside it and are in no zone"
        )
        allowed = f"up to {_LEFT_OUT:.0%}"
        return [Fault(self.file, "", "counts-outside", message, allowed, "warning")]


def town_radius_m(people: np.ndarray, density_per_km2: float) -> np.ndarray:
    """The radius of the disc over which a town's people are spread, metres.

    Examples
    --------
    >>> town_radius_m(np.array([6000 * np.pi]), 6000)
    array([1000.])
    """
    return np.sqrt(people / density_per_km2 / np.pi) * 1000


def _point_total(
    points: gpd.GeoDataFrame, place: BaseGeometry, reach_m: np.ndarray
) -> tuple[float, float]:
    shapely.prepare(place)
    count = points["count"].to_numpy()
    inside = shapely.intersects(place, points.geometry.to_numpy())
    near = inside | (points.distance(place).to_numpy() <= reach_m)
    return float(count[near].sum()), float(count[inside].sum())


def total_in(
    counts: Counts, study_area: StudyArea, name: str, *, density_per_km2: float = np.inf
) -> Total:
    """The total of a layer in the study area, computed without zones so that it can check them.

    Parameters
    ----------
    counts, study_area
        In the same CRS.
    name
        `population` or the name of an opportunity.
    density_per_km2
        Density of the discs of people given by point: a town counts fully where its point lies,
        and is near the study area if its disc meets it.
    """
    place = study_area.outline
    if counts.kind == "points":
        reach_m = town_radius_m(counts.table["count"].to_numpy(), density_per_km2)
        return Total(name, counts.file, *_point_total(counts.table, place, reach_m))
    if counts.raster is not None:
        inside = raster_inside(counts.raster, place, study_area.crs)
        return Total(name, counts.file, inside, inside)
    table = counts.table
    near_and_inside = count_inside(table["count"].to_numpy(), table.geometry.to_numpy(), place)
    return Total(name, counts.file, *near_and_inside)
