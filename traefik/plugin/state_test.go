package wake

import (
	"fmt"
	"testing"
	"time"
)

func TestAHostIsForgottenOnceNobodyCanBeOnTheWayToIt(t *testing.T) {
	s := newState("127.0.0.1:1", "", time.Second)
	s.set("gone.localhost", "127.0.0.1:2")
	app, _ := s.spell("gone.localhost:8080", "gone.localhost")
	if app == nil {
		t.Fatal("an awake host is not found")
	}
	if inFlight := s.unset("gone.localhost"); inFlight != 1 {
		t.Errorf("%d in flight", inFlight)
	}
	later := time.Now().Add(time.Hour)
	s.forget(later)
	if len(s.hosts) != 1 {
		t.Error("forgotten while a request is on its way")
	}
	app.inFlight--
	s.forget(time.Now())
	if len(s.hosts) != 1 {
		t.Error("forgotten while an answer about it may come")
	}
	s.forget(later)
	if len(s.hosts)+len(s.resting)+len(s.spellings) != 0 {
		t.Errorf("kept: %v %v %v", s.hosts, s.resting, s.spellings)
	}
}

func TestSpellingsOfAHostAreBoundedAndGoWithItsAddress(t *testing.T) {
	s := newState("127.0.0.1:1", "", time.Second)
	s.set("a.localhost", "127.0.0.1:2")
	for port := 1; port < 100; port++ {
		s.spell(fmt.Sprintf("a.localhost:%d", port), "a.localhost")
	}
	s.spell("a.localhost:"+fmt.Sprint(time.Now().UnixNano()), "a.localhost")
	if len(s.spellings) != maxSpellings {
		t.Errorf("%d spellings", len(s.spellings))
	}
	s.set("a.localhost", "127.0.0.1:3")
	if len(s.spellings) != 0 {
		t.Error("a spelling leads to an old address")
	}
	if app, _ := s.spell("a.localhost", "a.localhost"); app == nil || app.upstream != "127.0.0.1:3" {
		t.Error("the new address is not found")
	}
}

func TestAnAddressThatWasTakenAwayWhileItWasAskedForIsNotUsed(t *testing.T) {
	s := newState("127.0.0.1:1", "", time.Second)
	asked := time.Now()
	s.unset("b.localhost")
	if app, _ := s.enter("b.localhost", "127.0.0.1:2", asked); app != nil {
		t.Error("went to an address that nobody goes to any more")
	}
	if app, _ := s.enter("b.localhost", "127.0.0.1:2", time.Now()); app == nil {
		t.Error("an answer of now is not heeded")
	}
}

func TestASnapshotReplacesTheTable(t *testing.T) {
	s := newState("127.0.0.1:1", "", time.Second)
	s.apply(tableLine{Type: "snapshot", Awake: map[string]string{"a.localhost": "127.0.0.1:2", "b.localhost": "127.0.0.1:3"}})
	s.apply(tableLine{Type: "snapshot", Awake: map[string]string{"b.localhost": "127.0.0.1:4"}})
	if app, _ := s.spell("a.localhost", "a.localhost"); app != nil {
		t.Error("a host that the snapshot does not have is awake")
	}
	if app, _ := s.spell("b.localhost", "b.localhost"); app == nil || app.upstream != "127.0.0.1:4" {
		t.Error("a host has its old address")
	}
}

func FuzzTheTable(f *testing.F) {
	f.Add([]byte(`{"type":"snapshot","epoch":1,"awake":{"a.localhost":"127.0.0.1:2"}}`))
	f.Add([]byte(`{"type":"set","epoch":2,"hosts":["a.localhost"],"upstream":"127.0.0.1:2"}`))
	f.Add([]byte(`{"type":"unset","epoch":3,"hosts":["a.localhost"]}`))
	f.Fuzz(func(_ *testing.T, text []byte) {
		if line, err := parseLine(text); err == nil {
			s := newState("127.0.0.1:1", "", time.Second)
			s.apply(line)
			s.forget(time.Now().Add(time.Hour))
		}
	})
}
