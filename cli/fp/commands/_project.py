"""What `deploy` and `validate` do with a folder before any platform is asked."""

from fp.bundle import Bundle
from fp.project import Project
from fp.validation import ValidationResult, validate


def check(project: Project, bundle: Bundle) -> ValidationResult:
    """Validate a bundle; what already kept a file out of it is among the findings."""
    result = validate(bundle.files, project.config.entrypoint)
    kept_out = {finding.file for finding in bundle.findings}
    blamed = [
        one for one in result.findings if one.code != "no_entrypoint" or project.config.entrypoint not in kept_out
    ]
    findings = sorted([*bundle.findings, *blamed], key=lambda one: (one.file or "", one.line or 0, one.column or 0))
    return ValidationResult(ok=not findings, framework=result.framework, findings=findings)
