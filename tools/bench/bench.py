#!/usr/bin/env python3
"""Benchmarks of archgen as a user meets it. Every figure is compared with a baseline in the same run.

    bench.py edit      cargo check after changing one literal of an architecture of 100 declarations,
                       against changing an empty function of the same crate
    bench.py cold      a cold debug build of a crate whose only build dependency is archgen, against
                       the same crate with stratosphere 0.1.0
    bench.py emit      `archgen emit prod-infra --env production` as a whole process, release build
    bench.py tenants   emitting and proving pools of 100, 1,000 and 10,000 tenants, each as a whole process of a
                       release build: seconds, memory, and by which power the time grows from 100 to 10,000

Prints medians and ratios; exits 1 when a limit that the project promises does not hold.
"""
import math
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]


def run(command, cwd, **environment):
    """Seconds that a command takes; it must succeed."""
    start = time.perf_counter()
    done = subprocess.run(command, cwd=cwd, env={**os.environ, **environment}, capture_output=True, text=True)
    seconds = time.perf_counter() - start
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))} failed in {cwd}:\n{done.stderr[-4000:]}")
    return seconds


def architecture(services):
    """An architecture of 100 declarations: a network, a cluster, a load balancer, services, connections."""
    lines = ['    let network = vpc! { cidr: "10.0.0.0/16", zones: 2, subnets: { public: /24, private: /20 }, nat: Single };',
             '    let cluster = ecs_cluster! { subnets: network.private };']
    for i in range(services):
        lines.append(f'    let service_{i} = ecs_service! {{ cluster: cluster, image: "public.ecr.aws/nginx/nginx:1.27", '
                     f'port: {8000 + i}, cpu: 256, memory: 1GB, tasks: 2, environment: {{ NUMBER: "{i}" }} }};')
    for i in range(services - 1):
        lines.append(f'    connect!(service_{i} => service_{i + 1});')
    lines.append('    let edge = alb! { subnets: network.public, routes: ["/" => service_0] };')
    return '\n'.join(lines)


def edit():
    with tempfile.TemporaryDirectory() as folder:
        crate = pathlib.Path(folder)
        (crate / 'src').mkdir()
        (crate / 'Cargo.toml').write_text(
            f'[package]\nname = "edited"\nversion = "0.1.0"\nedition = "2024"\n[workspace]\n'
            f'[dependencies]\narchgen = {{ path = "{ROOT}" }}\n')
        body = architecture(48)

        def source(cpu, empty):
            return ('//! Edited.\nuse archgen::prelude::*;\n/// Empty.\npub fn empty() -> u32 { %d }\n'
                    '/// Big.\n#[architecture]\npub fn big(env: Environment) -> Architecture {\n%s\n}\n'
                    % (empty, body.replace('cpu: 256', f'cpu: {cpu}', 1)))
        target = str(crate / 'target')
        (crate / 'src/lib.rs').write_text(source(256, 0))
        run(['cargo', 'check', '-q'], crate, CARGO_TARGET_DIR=target)
        literal, empty = [], []
        for turn in range(7):
            (crate / 'src/lib.rs').write_text(source((512, 256)[turn % 2], turn))
            literal.append(run(['cargo', 'check', '-q'], crate, CARGO_TARGET_DIR=target))
            (crate / 'src/lib.rs').write_text(source((512, 256)[turn % 2], turn + 100))
            empty.append(run(['cargo', 'check', '-q'], crate, CARGO_TARGET_DIR=target))
        # The same crate without the architecture: what cargo check costs at the least.
        bare = []
        for turn in range(7):
            (crate / 'src/lib.rs').write_text('//! Edited.\n/// Empty.\npub fn empty() -> u32 { %d }\n' % turn)
            bare.append(run(['cargo', 'check', '-q'], crate, CARGO_TARGET_DIR=target))
        literal, empty, bare = map(statistics.median, (literal, empty, bare))
        print(f'one literal of 100 declarations {literal:.3f} s, empty function beside them {empty:.3f} s, '
              f'empty function alone {bare:.3f} s: {literal - bare:+.3f} s, ratio {literal / bare:.2f}')
        return literal - bare <= 0.5


def cold():
    def build(dependency):
        with tempfile.TemporaryDirectory() as folder:
            crate = pathlib.Path(folder)
            (crate / 'src').mkdir()
            (crate / 'src/lib.rs').write_text('//! Empty.\n')
            (crate / 'build.rs').write_text('fn main() {}\n')
            (crate / 'Cargo.toml').write_text(
                '[package]\nname = "cold"\nversion = "0.1.0"\nedition = "2024"\n[workspace]\n'
                f'[build-dependencies]\n{dependency}\n')
            run(['cargo', 'fetch', '-q'], crate)
            seconds = run(['cargo', 'build', '-q'], crate, CARGO_TARGET_DIR=str(crate / 'target'))
            tree = subprocess.run(['cargo', 'tree', '-e', 'build,normal', '--prefix', 'none'], cwd=crate,
                                  capture_output=True, text=True).stdout
            return seconds, {line.split()[0] for line in tree.splitlines() if line.strip()}
    ours, theirs = [], []
    for _ in range(int(os.environ.get("ARCHGEN_BENCH_TURNS", "3"))):
        seconds, packages = build(f'archgen = {{ path = "{ROOT}" }}')
        ours.append(seconds)
        theirs.append(build('stratosphere = { version = "=0.1.0", features = ["aws_ec2", "aws_ecs", '
                            '"aws_elasticloadbalancingv2", "aws_rds", "aws_elasticache"] }')[0])
    heavy = sorted(it for it in packages if it in ('clap', 'tokio') or it.startswith('aws-'))
    ours, theirs = statistics.median(ours), statistics.median(theirs)
    print(f'cold debug build: archgen {ours:.1f} s ({len(packages) - 1} packages), stratosphere 0.1.0 {theirs:.1f} s: '
          f'ratio {ours / theirs:.2f}; runtimes pulled in: {", ".join(heavy) or "none"}')
    return ours <= theirs and not heavy


def emit():
    run(['cargo', 'build', '--release', '-q', '-p', 'archgen-cli'], ROOT)
    target = os.environ.get('CARGO_TARGET_DIR', str(ROOT / 'target'))
    binary = shutil.which('archgen', path=f'{target}/release')
    with tempfile.TemporaryDirectory() as folder:
        command = [binary, 'emit', 'prod-infra', '--env', 'production', '--target', 'cloudformation', '--no-lock', '--out', folder]
        seconds = sorted(run(command, ROOT) for _ in range(31))
        nothing = statistics.median(run(['true'], ROOT) for _ in range(31))
    median = statistics.median(seconds)
    print(f'emit of prod-infra production: median {median * 1000:.1f} ms, worst of 31 {seconds[-1] * 1000:.1f} ms '
          f'(an empty process takes {nothing * 1000:.1f} ms: ratio {median / nothing:.1f})')
    return median < 0.020


def measured(command):
    """Seconds that a command takes, and the MiB of memory that it has at most."""
    start = time.perf_counter()
    child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    error = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - start
    if status:
        sys.exit(f"{' '.join(map(str, command))} failed:\n{error.decode()[-4000:]}")
    return seconds, usage.ru_maxrss / 1024


def tenants():
    run(['cargo', 'build', '--release', '-q', '-p', 'archgen-cli', '--example', 'crowd'], ROOT)
    target = os.environ.get('CARGO_TARGET_DIR', str(ROOT / 'target'))
    binary = f'{target}/release/examples/crowd'
    size = ['--set', 'compute=Pool', '--set', 'dashboard=false']
    seconds, most = {}, 0
    for number, turns in ((100, 15), (1_000, 7), (10_000, 3)):
        chosen = [*size, '--set', f'tenants={number}']
        # Every emit proves what it writes, the tenants of pools included; `isolation` says it in words.
        commands = {'emit': ['emit', 'crowd', '--env', 'production', '--target', 'cloudformation'],
                    'isolation': ['isolation', 'crowd', '--env', 'production', '--no-lock']}
        for name, words in commands.items():
            all = []
            for _ in range(turns):
                with tempfile.TemporaryDirectory() as folder:
                    out = ['--out', folder, '--lock', f'{folder}/archgen.lock'] if name == 'emit' else []
                    all.append(measured([binary, *words, *out, *chosen]))
            seconds[name, number] = statistics.median(it[0] for it in all)
            memory = max(it[1] for it in all)
            most = max(most, memory)
            print(f'{name} of {number} tenants: median {seconds[name, number]:.3f} s, at most {memory:.0f} MiB')
    # 100 to 10,000: two powers of ten.
    power = math.log10(seconds['emit', 10_000] / seconds['emit', 100]) / 2
    print(f'from 100 to 10,000 tenants the time grows by the power {power:.2f}')
    return seconds['emit', 10_000] < 5 and most < 1536 and power <= 1.1


if __name__ == '__main__':
    chosen = sys.argv[1:] or ['edit', 'cold', 'emit', 'tenants']
    known = {'edit': edit, 'cold': cold, 'emit': emit, 'tenants': tenants}
    if any(it not in known for it in chosen):
        sys.exit(__doc__)
    sys.exit(not all([known[it]() for it in chosen]))
