"""Totals of counts: what of a layer lies in the study area and must stand in its zones."""

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
"""Part of the counts near a study area that may lie outside it before it is said."""


@dataclass(frozen=True)
class Total:
    """What of a layer of counts lies in the study area.

    Attributes
    ----------
    name, file
        `population` or the name of an opportunity; where it comes from.
    near
        The counts of all polygons that meet the study area, or of all points in it and towns
        whose discs meet it. Of a raster only what lies inside: it goes on beyond the border, so
        the cells that the border cuts are no loss.
    inside
        What of it lies inside: the zones hold exactly as much.
    """

    name: str
    file: str
    near: float
    inside: float

    @property
    def is_cut(self) -> bool:
        """Whether so much of it lies outside the study area that it must be said."""
        return self.near - self.inside > _LEFT_OUT * self.near

    def warnings(self) -> list[Fault]:
        """That there is nothing in the study area, or that much is left out."""
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
    """The radius of the disc over which a town's people live, metres.

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
    """What of a layer lies in the study area, found without zones so that it can check them.

    Parameters
    ----------
    counts, study_area
        In one system.
    name
        `population` or the name of an opportunity.
    density_per_km2
        Of the discs over which people given by point live: a town counts whole where its point
        lies, and is near the study area where its disc meets it.
    """
    place = study_area.outline
    if counts.kind == "points":
        reach_m = town_radius_m(counts.table["count"].to_numpy(), density_per_km2)
        return Total(name, counts.file, *_point_total(counts.table, place, reach_m))
    if counts.raster is not None:
        inside = raster_inside(counts.raster, place, study_area.crs)
        return Total(name, counts.file, inside, inside)
    table = counts.table
    found = count_inside(table["count"].to_numpy(), table.geometry.to_numpy(), place)
    return Total(name, counts.file, *found)
