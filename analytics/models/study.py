from django.db import models
from django.utils import timezone

from accounts.tenant import PublicModel, TenantForeignKey


class Study(PublicModel):
    """A question about how an attitude goes with what customers then do. Its runs answer it."""

    class Kind(models.TextChoices):
        FINANCIAL = "financial", "Financial"
        OPERATIONAL = "operational", "Operational"
        CONSTITUENCY = "constituency", "Constituency"

    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=16, choices=Kind, default=Kind.FINANCIAL)
    #: The attitude: a metric of feedback.scoring, such as "nps".
    predictor = models.CharField(max_length=60)
    #: A business metric of analytics.frames.metrics, such as "revenue".
    outcome = models.CharField(max_length=60)
    horizon_days = models.PositiveIntegerField(default=90)
    lookback_days = models.PositiveIntegerField(default=90)
    #: Names of controls: business metrics in the look-back, "tenure_days", customer fields.
    controls = models.JSONField(default=list)
    #: Outcomes beside which every attitude is correlated; empty: the usual ones (studies.settings.OUTCOMES).
    outcomes = models.JSONField(default=list, blank=True)
    #: Hypotheses declared before the first run, as "nps>revenue": a family of tests of their own.
    declared = models.JSONField(default=list, blank=True)
    #: What only some kinds ask: `operational.settings.OPTIONS`, `constituency.settings.OPTIONS`.
    options = models.JSONField(default=dict, blank=True)
    #: Answers given from … until (half-open); null is open.
    answered_from = models.DateTimeField(null=True, blank=True)
    answered_until = models.DateTimeField(null=True, blank=True)
    minimum_n = models.PositiveIntegerField(
        default=30, help_text="Fewest customers in a band that show a figure"
    )
    created_by = TenantForeignKey(
        "accounts.Membership", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    #: Put away: not on the list nor the overview, not run any more. Its runs stay.
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "studies"
        constraints = [models.UniqueConstraint(fields=["organization", "name"], name="analytics_study_name")]

    def __str__(self) -> str:
        return self.name


class RunQuerySet(models.QuerySet["Run"]):
    def kept(self) -> "RunQuerySet":
        """Without those that were removed and can still be brought back."""
        return self.filter(removed_at__isnull=True)


class Run(PublicModel):
    """One computation of a study: what went in, how far it is, what came out."""

    class Status(models.TextChoices):
        QUEUED = "queued", "Queued"
        RUNNING = "running", "Running"
        FINISHED = "finished", "Finished"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    study = TenantForeignKey(Study, on_delete=models.CASCADE, related_name="runs")
    number = models.PositiveIntegerField()
    status = models.CharField(max_length=16, choices=Status, default=Status.QUEUED)
    #: 0 to 1, and in words what is being done.
    progress = models.FloatField(default=0)
    step = models.CharField(max_length=200, blank=True)
    #: Rows after this moment are not looked at, so that a run can be repeated.
    as_of = models.DateTimeField()
    seed = models.BigIntegerField()
    #: The study's settings as they were, the versions of the libraries, rows kept and dropped with reasons.
    settings = models.JSONField(default=dict)
    versions = models.JSONField(default=dict)
    ledger = models.JSONField(default=list)
    frame_hash = models.CharField(max_length=64, blank=True)
    frame_path = models.CharField(max_length=300, blank=True)
    #: Frames beside the study's own: name → {"hash", "rows"}; their files lie beside frame_path.
    parts = models.JSONField(default=dict, blank=True)
    schema_version = models.PositiveIntegerField(default=1)
    result = models.JSONField(null=True, blank=True)
    error = models.TextField(blank=True)
    #: Computing it again from the stored frame: {"state": "waiting" | "same" | "different" | "failed", "at", "words"}.
    repeat = models.JSONField(null=True, blank=True)
    #: The claim number of the lease it was last worked on under.
    claim = models.BigIntegerField(default=0)
    requested_by = TenantForeignKey(
        "accounts.Membership", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    #: Removed by somebody: shown nowhere, brought back on request, deleted for good after a while.
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "study", "number"], name="analytics_run_number")
        ]
        indexes = [models.Index(fields=["organization", "-created_at"], name="analytics_run_when")]

    def __str__(self) -> str:
        return f"Run {self.number} of {self.study}"

    @property
    def is_over(self) -> bool:
        return self.status in (self.Status.FINISHED, self.Status.FAILED, self.Status.CANCELLED)
