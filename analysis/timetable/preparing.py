"""A network made ready for searches by timetable: once for a window and a limit of time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby

import numpy as np

from analysis.routing.linked_points import LinkedPoints
from analysis.timetable.departure_window import DepartureWindow
from analysis.timetable.prepared import Prepared
from analysis.timetable.samples import Samples, samples
from analysis.timetable.service.change_rules import StopRules, stop_rules, with_rules
from analysis.timetable.service.lines import LONGEST_SCOPE_SECS
from analysis.timetable.service.phases import Phasing, phasing_for
from analysis.timetable.service.scoped import ScopedService, scoped_service
from analysis.timetable.service.vehicles import Vehicles, vehicles
from analysis.timetable.service.walks import walks
from analysis.timetable.stored import ServiceStore, transit_digest, walks_digest
from layers.network import TransportNetwork
from layers.transit import Period


@dataclass(frozen=True, eq=False)
class Preparation:
    """What a prepared network is made of.

    Attributes
    ----------
    network
        Stops, routes and timetable.
    walkers
        Points, then the stops, linked to the streets of walkers; reversed if one asks when to
        leave.
    period
        Period whose headways apply to lines without a clock.
    window
        Departures, or arrivals.
    """

    network: TransportNetwork
    walkers: LinkedPoints
    period: Period
    window: DepartureWindow

    @property
    def key(self) -> tuple[Period, DepartureWindow]:
        """The values on which it depends beside the network and its walks."""
        return self.period, replace(self.window, max_rides=None, percentile=50.0)

    @property
    def _first_stop(self) -> int:
        return self.walkers.count - len(self.network.stops)

    @cached_property
    def _rules(self) -> StopRules:
        rules = stop_rules(self.network)
        return rules.mirrored() if self.window.arrive_by else rules

    def _vehicles(self, times: np.ndarray, limit_secs: int, phasing: Phasing) -> Vehicles:
        """Trips, with time reversed if one asks when to leave."""
        if not self.window.arrive_by:
            within = (float(times.min()), float(times.max()) + limit_secs)
            return vehicles(self.network, period=self.period, within=within, phasing=phasing)
        within = (float(-times.max()) - limit_secs, float(-times.min()))
        forward = vehicles(self.network, period=self.period, within=within, phasing=phasing)
        return forward.mirrored()

    def prepared(self, limit_secs: int, store: ServiceStore) -> Prepared:
        """The network ready for searches up to a limit, its services from a store if it has them.

        Parameters
        ----------
        limit_secs
            Longest travel time.
        store
            Services of earlier runs.
        """
        times = self.window.times
        times = np.sort(-times) if self.window.arrive_by else times
        most = self.window.max_walk_secs
        walk_secs = float(limit_secs if most is None else min(most, limit_secs))
        phasing = phasing_for(len(times), planned=self.window.planned)
        runs = self._vehicles(times, limit_secs, phasing)
        asked = samples(times, limit_secs=limit_secs, phasing=phasing if runs.has_phases else None)
        whole = store.get(
            self._digests(limit_secs), lambda: tuple(self._services(asked, runs, walk_secs))
        )
        by_base = {service.base: service for service in whole}
        services = []
        for scope in asked.scopes:
            moments = asked.times[scope.samples] - scope.base
            within = int(moments.min()), int(moments.max()) + limit_secs
            services.append(by_base[scope.base].of_phase(scope.phase, within))
        return Prepared(asked, tuple(services), walk_secs, runs)

    def _digests(self, limit_secs: int) -> Iterator[bytes]:
        """All that the services depend on."""
        yield repr((self.key, limit_secs)).encode()
        yield transit_digest(self.network)
        yield walks_digest(self.walkers, self._first_stop)

    def _services(
        self, asked: Samples, runs: Vehicles, walk_secs: float
    ) -> Iterator[ScopedService]:
        """What runs in each part of the window, in all phases."""
        stops = np.arange(self._first_stop, self.walkers.count)
        stop_walks = with_rules(walks(self.walkers, stops, stops, walk_secs), self._rules)
        for base, scopes in groupby(asked.scopes, lambda scope: scope.base):
            last = int(max(asked.times[scope.samples].max() for scope in scopes)) - base
            yield scoped_service(
                runs,
                (base, min(last + asked.limit_secs, LONGEST_SCOPE_SECS)),
                stop_walks=stop_walks,
                rules=self._rules,
                any_walk=self.window.max_walk_secs is None,
            )
