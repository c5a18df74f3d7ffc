"""What every service counts. Names follow Prometheus' conventions; labels are few and bounded."""

from prometheus_client import Counter, Gauge, Histogram

LATENCY_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 45)

http_requests = Histogram(
    "openactions_http_request_duration_seconds",
    "Time from a request's first byte to its answer's last",
    ["service", "method", "status"],
    buckets=LATENCY_BUCKETS,
)
facts_published = Counter(
    "openactions_facts_stated_total", "Facts acknowledged by JetStream", ["service", "fact"]
)
facts_duplicate = Counter(
    "openactions_facts_duplicate_total",
    "Facts that JetStream already had under the same id, and dropped",
    ["service", "fact"],
)
facts_dropped = Counter(
    "openactions_facts_dropped_total",
    "Facts that could not be published and are lost: too many waited, or the process ended",
    ["fact"],
)
facts_swept = Counter(
    "openactions_facts_swept_total", "Facts that a crash had left unpublished", ["service"]
)
facts_put_off = Counter(
    "openactions_facts_put_off_total",
    "Attempts of the sweep to publish a document's facts that failed, by cause",
    ["service", "cause"],
)
facts_consumed = Counter(
    "openactions_facts_consumed_total",
    "Deliveries of facts, by what became of them",
    ["service", "fact", "ending"],
)
requests_answered = Counter(
    "openactions_requests_answered_total",
    "Requests over the bus, by the code of their answer",
    ["service", "request", "code"],
)
blob_store_failures = Counter(
    "openactions_blob_store_failures_total",
    "Requests to the store for blobs that failed, by what was being done",
    ["doing"],
)
blobs_deleted = Counter(
    "openactions_blobs_deleted_total", "Blobs that had expired and were deleted", ["service"]
)
watch_resets = Counter(
    "openactions_watch_resets_total",
    "Times a replica may have missed facts and dropped what it had cached",
    ["service"],
)
in_sync = Gauge("openactions_hearing", "1 while the replica is in sync with the facts", ["service"])
stream_used = Gauge(
    "openactions_stream_used_ratio",
    "Bytes of a stream that are used, of those it may have; at 1 it refuses what is published",
    ["service", "stream"],
)
clock_skew = Gauge(
    "openactions_clock_skew_seconds",
    "How far the service's wall clock is ahead of the broker's",
    ["service"],
)
share_in_use = Gauge(
    "openactions_share_in_use",
    "What is taken of a resource that workspaces share, in its own unit",
    ["service", "resource"],
)
share_refused = Counter(
    "openactions_share_refused_total",
    "Refusals of a shared resource: `exceeded` by the workspace itself, or `full` of others",
    ["service", "resource", "why"],
)
rate_limited = Counter(
    "openactions_rate_limited_total",
    "Calls refused because of a quota a minute, by whose: `workspace` or `member`",
    ["service", "limit"],
)
rate_limits_alone = Gauge(
    "openactions_rate_limits_alone",
    "1 while the shared counter is away and the process limits calls by its share of quotas",
    ["service"],
)
rate_limit_processes = Gauge(
    "openactions_rate_limit_processes",
    "Processes of the service that share its quotas, as far as this one knows",
    ["service"],
)
rate_limit_keys = Gauge(
    "openactions_rate_limit_keys",
    "Workspaces and members whose calls the process counts; idle ones are gone in two minutes",
    ["service"],
)
