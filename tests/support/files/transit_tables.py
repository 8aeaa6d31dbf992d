"""A table of a bus line."""

from __future__ import annotations

HEAD = "route_id,route_name,stop_sequence,stop_id,stop_name,lon,lat"
PLAIN = f"""{HEAD}
7,七路,1,A,甲,106.00,29.5
7,七路,2,B,乙,106.01,29.5
7,七路,3,C,丙,106.02,29.5
"""
