"""How a deploy moves from state to state, and that its past can be told again."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from control.domain import deploys as moves
from control.domain.deploys import Deploy
from fp.api.deploys import STAGES, StageName
from fp.api.problems import Finding

NOW = datetime(2026, 1, 2, tzinfo=UTC)
FINDING = Finding(code="syntax_error", message="bad", file="app.py", line=1)


def after(ms: int) -> datetime:
    return NOW + timedelta(milliseconds=ms)


def started() -> Deploy:
    return moves.begin(moves.new_deploy("a1", 1, "ada", NOW), "validate", "checking", after(10))


def test_a_new_deploy_has_all_its_stages_pending() -> None:
    deploy = moves.new_deploy("a1", 7, "ada", NOW)
    assert [(stage.name, stage.status) for stage in deploy.stages] == [(name, "pending") for name in STAGES]
    assert (deploy.number, deploy.status, deploy.seq, len(deploy.events)) == (7, "running", 1, 1)


def test_a_stages_time_is_from_its_beginning_to_its_end() -> None:
    deploy = moves.end(moves.tell(started(), "still checking", after(20)), "fine", after(35))
    [validate, *rest] = deploy.stages
    assert (validate.status, validate.ms, validate.message) == ("done", 25.0, "fine")
    assert all(stage.ms is None and stage.status == "pending" for stage in rest)
    assert deploy.stage_began is None


def test_a_stage_left_running_by_a_dead_worker_begins_anew() -> None:
    again = moves.begin(started(), "validate", "checking again", after(1000))
    assert moves.end(again, "", after(1001)).stages[0].ms == 1.0


def test_a_failure_in_a_stage_marks_that_stage() -> None:
    failed = moves.fail(started(), [FINDING], after(30))
    assert failed.status == "failed"
    assert failed.findings == [FINDING]
    assert failed.finished_at == after(30)
    assert (failed.stages[0].status, failed.stages[0].message, failed.stages[0].ms) == ("failed", "bad", 20.0)


def test_a_failure_between_stages_marks_the_next_one() -> None:
    between = moves.end(started(), "fine", after(20))
    failed = moves.fail(between, [moves.superseded(2)], after(30))
    assert [stage.status for stage in failed.stages] == ["done", "failed", "pending", "pending"]


def test_success_ends_stage_and_deploy_in_one_step() -> None:
    deploy = moves.new_deploy("a1", 1, "ada", NOW)
    for name in STAGES[:-1]:
        deploy = moves.end(moves.begin(deploy, name, "", NOW), "", NOW, version=3 if name == "version" else None)
    before = moves.begin(deploy, STAGES[-1], "", NOW)
    after_ = moves.succeed(before, after(5), "live")
    assert after_.seq == before.seq + 1
    assert (after_.status, after_.version) == ("succeeded", 3)
    assert {stage.status for stage in after_.stages} == {"done"}


STEP = st.one_of(
    st.tuples(st.just("begin"), st.sampled_from(STAGES)), st.tuples(st.sampled_from(["tell", "end"]), st.none())
)


@given(st.lists(STEP, max_size=12))
def test_every_state_it_ever_had_can_be_told_again(steps: list[tuple[str, StageName | None]]) -> None:
    deploy = moves.new_deploy("a1", 1, "ada", NOW)
    history = [deploy]
    for verb, name in steps:
        if verb == "begin" and name is not None:
            deploy = moves.begin(deploy, name, "go", NOW)
        else:
            deploy = moves.tell(deploy, "hm", NOW) if verb == "tell" else moves.end(deploy, "ok", NOW)
        history.append(deploy)
    last = moves.fail(deploy, [FINDING], NOW)
    for was in history:
        told = moves.as_of(last, was.seq)
        assert (told.seq, told.status, told.stages, told.version) == (was.seq, "running", was.stages, was.version)
        assert told.findings == []
        assert told.finished_at is None
    assert moves.as_of(last, last.seq) == moves.as_of(last, 10**6) == last
    assert [event.seq for event in last.events] == list(range(1, last.seq + 1))
