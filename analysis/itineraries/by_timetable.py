"""The legs of a journey by timetable."""

from __future__ import annotations

import numpy as np

from analysis.itineraries.legs import RIDE, WAIT, WALK, Leg, in_a_row
from analysis.timetable.journeys import Journey, Part
from analysis.timetable.service.vehicles import Vehicles
from layers.network import TransportNetwork


class TimetableLegs:
    """Journeys told as legs.

    Parameters
    ----------
    network
        Stops, routes and timetable.
    vehicles
        The trips whose numbers the journeys have.
    points
        Number of points; positions of stops come after them.
    """

    def __init__(self, network: TransportNetwork, vehicles: Vehicles, points: int) -> None:
        trips, self._vehicles, self._points = network.timetable.trips, vehicles, points
        has_clock = trips["headway_secs"].to_numpy(dtype=float) == 0
        self._trip_ids = np.where(has_clock, trips["trip_id"].to_numpy(dtype=object), "")

    def _trip_id(self, part: Part) -> str:
        """Id of a trip with a clock; empty for a line with a headway."""
        row = int(self._vehicles.trips.row[part.trip])
        return str(self._trip_ids[row]) if row >= 0 else ""

    def _ride(self, ride: tuple[Part, ...]) -> Leg:
        """A ride; on several trips if one stays on board."""
        calls, trips = self._vehicles.calls, self._vehicles.trips
        stops: list[int] = []
        for part in ride:
            at = (calls.stop[part.first : part.last + 1] + self._points).tolist()
            # the next trip mostly begins where one ends
            stops += at[1:] if stops and stops[-1] == at[0] else at
        depart = int(calls.depart[ride[0].first])
        routes = dict.fromkeys(int(trips.route[part.trip]) for part in ride)
        ids = dict.fromkeys(self._trip_id(part) for part in ride)
        return Leg(
            RIDE,
            stops[0],
            stops[-1],
            depart,
            int(calls.arrive[ride[-1].last]) - depart,
            routes=tuple(routes),
            trips=tuple(name for name in ids if name),
            passed=tuple(stops[1:-1]),
        )

    def legs(self, journey: Journey, origin: int, destination: int) -> list[Leg]:
        """The legs of a journey between two points; their seconds add up to its own.

        Ways from the street to a vehicle and back are walks; time that one must be there earlier
        is a wait.
        """
        at, now, platform = origin, journey.leave_secs, 0
        legs: list[Leg] = []
        for walk, ride in zip(journey.walks, journey.rides, strict=False):
            told = self._ride(ride)
            # as far to the platform as back
            secs = platform + walk + int(self._vehicles.trips.leave_secs[ride[0].trip])
            ready = now + secs
            wait = int(told.depart_secs) - ready
            legs += [
                Leg(WALK, at, told.start, now, secs),
                Leg(WAIT, told.start, told.start, ready, wait),
                told,
            ]
            at, now = told.end, int(told.depart_secs + told.secs)
            platform = int(self._vehicles.trips.leave_secs[ride[-1].trip])
        secs = platform + journey.walks[-1]
        legs.append(Leg(WALK, at, destination, now, secs))
        left = journey.leave_secs + journey.secs - now - secs
        legs.append(Leg(WAIT, destination, destination, now + secs, left))
        return in_a_row(legs)
