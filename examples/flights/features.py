"""What is known about a flight when it is due to leave: eleven feature views over carriers, planes, routes and airports.

Each source says when its rows become known, each view says what to compute from them. From that, every feature of every
flight holds what was known at the flight's scheduled departure, and nothing later.

Try it, from the folder of this file:

    onefold explain features.py plane
    onefold training-set features.py --spine data/spine.parquet --time scheduled_at --out training
"""

from pathlib import Path

import onefold as of
from onefold import col

DATA = Path(__file__).parent / "data"

# ---------------------------------------------------------------------------------------------------------------------
# Sources: rows, and when each becomes known

# A departure delay is known when the plane has left. Some departures of an airport fall into the same minute:
# the sequence says which of them counts as the later one.
departures = of.ParquetSource(
    "departures", DATA / "departures.parquet", time="departed_at", sequence=["scheduled_at", "carrier", "flight"]
)
# An arrival delay is known when the plane has landed.
arrivals = of.ParquetSource("arrivals", DATA / "arrivals.parquet", time="landed_at")
# Nothing says when a cancellation was announced. A day after its time, a flight that has not left will not leave.
schedule = of.ParquetSource("schedule", DATA / "schedule.parquet", time="scheduled_at", delay="1d")
# An hour of weather carries the time at which the hour began, and is known when it is over.
weather = of.ParquetSource("weather", DATA / "weather.parquet", time="observed_at", delay="1h", unique=True)
# What is registered about a plane does not change.
planes = of.ParquetSource("planes", DATA / "planes.parquet")

# ---------------------------------------------------------------------------------------------------------------------
# Entities: what features are about

carrier = of.Entity("carrier", keys=["carrier"])
plane = of.Entity("plane", keys=["tailnum"])
route = of.Entity("route", keys=["origin", "dest"])
origin = of.Entity("origin", keys=["origin"])
flight = of.Entity("flight", keys=["carrier", "flight"], description="A flight number: the same trip on other days.")

# ---------------------------------------------------------------------------------------------------------------------
# Views

carrier_departures = of.FeatureView(
    "carrier_departures",
    description="How punctually the carrier's planes leave New York.",
    source=departures,
    entity=carrier,
    transform=lambda t: t.with_columns(delayed=col("dep_delay") > 15),
    features=[
        of.mean("dep_delay").over("1h", "3h", "1d", "7d").named("carrier_dep_delay_mean"),
        of.count().over("1h", "1d").named("carrier_departures"),
        of.count(where="delayed").over("1h", "1d").named("carrier_delayed"),
    ],
)

carrier_arrivals = of.FeatureView(
    "carrier_arrivals",
    description="How punctually the carrier's planes arrive, and how far it has flown them this year.",
    source=arrivals,
    entity=carrier,
    features=[
        of.mean("arr_delay").over("1d", "7d", "30d").named("carrier_arr_delay_mean"),
        of.sum("distance").over(of.lifetime).named("carrier_miles_flown"),
    ],
)

plane_arrivals = of.FeatureView(
    "plane",
    description="What the plane has been through: its latest arrivals, its habits, its mileage.",
    source=arrivals,
    entity=plane,
    features=[
        of.last("arr_delay").over("2d").named("plane_last_arr_delay"),
        of.last("arr_delay", n=3).over("30d").named("plane_last_3_arr_delays"),
        of.mean("arr_delay").over("7d", "30d").named("plane_arr_delay_mean"),
        of.std("arr_delay").over("30d").named("plane_arr_delay_std"),
        of.count().over("1d", "7d").named("plane_arrivals"),
        of.count_distinct("dest").over("7d").named("plane_destinations_7d"),
        of.sum("distance").over(of.lifetime).named("plane_miles_flown"),
    ],
)

plane_departures = of.FeatureView(
    "plane_departures",
    description="Where the plane went last from New York, and how late it left; recent departures count most.",
    source=departures,
    entity=plane,
    features=[
        of.last("dest").over("7d").named("plane_last_dest"),
        of.last("dep_delay").over("1d").named("plane_last_dep_delay"),
        of.decayed_mean("dep_delay", half_life="12h").over("7d").named("plane_dep_delay_decayed"),
    ],
)

route_arrivals = of.FeatureView(
    "route",
    description="How the route goes, over a season, a month and a week.",
    source=arrivals,
    entity=route,
    features=[
        of.mean("arr_delay").over("7d", "30d", "90d").named("route_arr_delay_mean"),
        of.std("arr_delay").over("30d").named("route_arr_delay_std_30d"),
        of.quantile("arr_delay", 0.9).over("30d", "90d").named("route_arr_delay_p90"),
        of.median("air_time").over("90d").named("route_air_time_median_90d"),
        of.mean("taxi_time").over("7d").named("route_taxi_time_mean_7d"),
        of.count().over("7d").named("route_arrivals_7d"),
    ],
)

flight_number = of.FeatureView(
    "flight_number",
    description="The same flight number on earlier days.",
    source=arrivals,
    entity=flight,
    features=[
        of.mean("arr_delay").over(last_rows=5).named("flight_arr_delay_mean_last_5"),
        of.mean("arr_delay").over("30d").named("flight_arr_delay_mean_30d"),
        of.count(where=col("arr_delay") > 30).over("90d").named("flight_late_90d"),
        of.count().over("90d").named("flight_arrivals_90d"),
    ],
)

origin_departures = of.FeatureView(
    "origin",
    description="What is going on at the airport right now.",
    source=departures,
    entity=origin,
    transform=lambda t: t.with_columns(delayed=col("dep_delay") > 15),
    features=[
        of.count().over("1h").named("origin_departures_1h"),
        of.count(where="delayed").over("1h", "3h").named("origin_delayed"),
        of.mean("dep_delay").over("1h", "3h").named("origin_dep_delay_mean"),
        of.max("dep_delay").over("1h").named("origin_dep_delay_max_1h"),
        of.quantile("dep_delay", 0.9).over("3h").named("origin_dep_delay_p90_3h"),
        of.decayed_mean("dep_delay", half_life="30m").over("6h").named("origin_dep_delay_decayed"),
        of.count_distinct("dest").over("1d").named("origin_destinations_1d"),
        of.mean("dep_delay", by="carrier").over("1d").named("origin_dep_delay_mean_by_carrier"),
    ],
)

origin_cancellations = of.FeatureView(
    "cancellations",
    description="How many flights were cancelled at the airport, as far as a day ago tells.",
    source=schedule,
    entity=origin,
    features=[
        of.count(where="cancelled").over("1d", "7d").named("origin_cancelled"),
        of.count().over("1d").named("origin_scheduled_1d"),
    ],
)

origin_weather = of.FeatureView(
    "weather",
    description="The latest hour of weather at the airport, if it is not older than three hours.",
    source=weather,
    entity=origin,
    max_age="3h",
    attributes=["temp", "dewp", "humid", "wind_speed", "wind_gust", "precip", "pressure", "visib"],
)

origin_rain = of.FeatureView(
    "rain",
    description="What the weather has been like for hours.",
    source=weather,
    entity=origin,
    features=[
        of.sum("precip").over("6h", "24h").named("precip"),
        of.min("visib").over("6h").named("visib_min_6h"),
        of.mean("wind_speed").over("6h").named("wind_speed_mean_6h"),
    ],
)

plane_facts = of.FeatureView(
    "plane_facts",
    description="What is registered about the plane.",
    source=planes,
    entity=plane,
    static=True,
    attributes={"plane_built": "built", "plane_seats": "seats", "plane_engines": "engines"},
)

departure_model = of.FeatureService(
    "departure_model",
    description="All that the model of late arrivals uses.",
    views=[
        carrier_departures,
        carrier_arrivals,
        plane_arrivals,
        plane_departures,
        route_arrivals,
        flight_number,
        origin_departures,
        origin_cancellations,
        origin_weather,
        origin_rain,
        plane_facts,
    ],
)
