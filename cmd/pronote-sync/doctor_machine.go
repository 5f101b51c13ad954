package main

import (
	"bufio"
	"bytes"
	"context"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/doctor"
)

// What doctor finds of the service and the memory of this machine.

var (
	checkService = doctor.T("service", "service")
	checkMemory  = doctor.T("mémoire", "memory")
)

// unit is the name of the service.
const unit = "pronote-sync.service"

// A service is what systemd tells of the unit; empty where there is no systemd.
type service map[string]string

// askSystemd reads what systemd knows, in its own words.
func askSystemd(ctx context.Context) service {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	text, err := exec.CommandContext(ctx, "systemctl", "show", unit,
		"--property=LoadState,ActiveState,Result,ExecMainStatus,NRestarts,UnitFileState,MainPID").Output()
	if err != nil {
		return nil
	}
	return parseService(text)
}

func parseService(text []byte) service {
	s := service{}
	for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
		if key, value, ok := strings.Cut(lines.Text(), "="); ok {
			s[key] = value
		}
	}
	return s
}

// number is a property that is one, 0 where it is not.
func (s service) number(key string) int {
	n, _ := strconv.Atoi(s[key])
	return n
}

// restless is how often systemd may have started the service anew before that is strange.
const restless = 3

func (x *examination) lookAtService(ctx context.Context, state *statusReport) {
	x.findService(askSystemd(ctx), state.Running)
}

func (x *examination) findService(s service, running bool) {
	f := doctor.Finding{Check: checkService, State: doctor.OK, What: doctor.T("il tourne ; démarrages par systemd après un arrêt : %s", "it runs; restarts by systemd: %s"), Args: []doctor.Argument{s.number("NRestarts")}}
	const log = "journalctl -u pronote-sync -n 50"
	switch {
	case s["LoadState"] != "loaded" && running:
		f.What, f.Args = doctor.T("le suivi tourne, sans service de systemd", "the daemon runs, without a service of systemd"), nil
	case s["LoadState"] != "loaded":
		f.State, f.What, f.Args = doctor.Warning, doctor.T("le suivi ne tourne pas, et il n'y a pas de service", "the daemon does not run, and there is no service"), nil
		f.Next = doctor.T("lancer pronote-sync run, ou installer le service", "run pronote-sync run, or install the service")
	case s["ActiveState"] == "failed":
		f.State, f.What = doctor.Failure, doctor.T("il s'est arrêté sur une erreur (%s, code %s)", "it has stopped with an error (%s, code %s)")
		f.Args = []doctor.Argument{doctor.Word(s["Result"]), s.number("ExecMainStatus")}
		f.Next = doctor.T(log+" dit pourquoi ; une fois corrigé : sudo systemctl restart pronote-sync", log+" says why; once it is mended: sudo systemctl restart pronote-sync")
	case s["ActiveState"] != "active" && s["ActiveState"] != "reloading":
		f.State, f.What, f.Args = doctor.Warning, doctor.T("il ne tourne pas (%s)", "it does not run (%s)"), []doctor.Argument{doctor.Word(s["ActiveState"])}
		f.Next = doctor.T("sudo systemctl enable --now pronote-sync", "sudo systemctl enable --now pronote-sync")
	case !running:
		f.State, f.What, f.Args = doctor.Warning, doctor.T("il tourne, mais pour une autre configuration, ou sans vous répondre", "it runs, but for another configuration, or without an answer to you"), nil
		f.Next = doctor.T("relancer avec sudo ; comparer la configuration avec celle que montre systemctl cat pronote-sync", "run this with sudo; compare the configuration with that of systemctl cat pronote-sync")
	case s.number("NRestarts") > restless:
		f.State, f.Next = doctor.Warning, doctor.T(log+" dit pourquoi", log+" says why")
	case s["UnitFileState"] == "disabled":
		f.State, f.What, f.Args = doctor.Warning, doctor.T("il tourne, et ne redémarrera pas avec la machine", "it runs, and will not start with the machine"), nil
		f.Next = doctor.T("sudo systemctl enable pronote-sync", "sudo systemctl enable pronote-sync")
	}
	x.find(f)
	if used := residentOf(s.number("MainPID")); used > 0 {
		x.find(doctor.Finding{Check: checkMemory, State: doctor.OK, What: doctor.T("le suivi en occupe %s", "the daemon has %s"), Args: []doctor.Argument{used}})
	}
}

// tight is how much memory a machine should have left.
const tight = 40 << 20

func (x *examination) lookAtMemory() {
	total, free := kilobytes("/proc/meminfo", "MemTotal:"), kilobytes("/proc/meminfo", "MemAvailable:")
	if total == 0 {
		return // a system that does not tell
	}
	f := doctor.Finding{Check: checkMemory, State: doctor.OK, What: doctor.T("%s libres sur %s", "%s free of %s"), Args: []doctor.Argument{free, total}}
	if free < tight {
		f.State = doctor.Warning
		f.Next = doctor.T("arrêter d'autres programmes, ou ajouter du swap", "stop other programs, or add swap")
	}
	x.find(f)
}

// residentOf is the memory of a process.
func residentOf(pid int) doctor.Size {
	if pid == 0 {
		return 0
	}
	return kilobytes("/proc/"+strconv.Itoa(pid)+"/status", "VmRSS:")
}

// kilobytes reads a figure as Linux writes them; 0 where there is none.
func kilobytes(path, name string) doctor.Size {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(line)
		if len(fields) < 2 || fields[0] != name {
			continue
		}
		n, err := strconv.ParseUint(fields[1], 10, 64)
		if err != nil {
			return 0
		}
		return doctor.Size(n * 1024)
	}
	return 0
}
