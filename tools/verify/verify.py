#!/usr/bin/env python3
"""Check what archgen emits with the tools its users will run.

    verify.py setup                     install the checkers (the other commands do it when needed)
    verify.py selftest                  show that the checkers and the local AWS API refuse what is wrong
    verify.py templates [--all] FILE|DIR...
                                        cfn-lint (strict) and cloudformation-validate over CloudFormation templates
    verify.py deploy --archgen BIN      deploy every architecture to a local AWS API, update it, make it fail
                     [--only NAME] [--env ENV] [--keep DIR]
    verify.py stacks --archgen BIN      an architecture grows out of one stack, changes and shrinks, in a local AWS API
                     [--keep DIR]
    verify.py tenants --archgen BIN     one of many tenants goes and another comes: what change sets and plans list
                     [--tenants N] [--keep DIR]
    verify.py terraform [--archgen BIN] DIR...
                                        the real Terraform, with a simulated AWS provider, over every module in a folder
    verify.py equivalence DIR [--only NAME] [--table human|markdown|json]
                                        what CloudFormation and Terraform hold in DIR/NAME/ENV/, property by property
    verify.py mutations DIR [--only NAME]
                                        every change of one argument in either output is noticed by `equivalence`
    verify.py helm [--archgen BIN] [--only NAME] [--table human|markdown|json] DIR...
                                        the real Helm, 3 and 4, over every chart DIR/NAME/helm, and what it renders to:
                                        Kubernetes' schemas, pod security, who reaches whom, what ECS is told
    verify.py scan DIR                  checkov over the charts, templates and modules in DIR: nothing but what scan/accepted.toml lists
    verify.py renames DIR               sequences DIR/.../step1, step2... of modules lose nothing that holds data

Every command ends with `N passed, N failed` and exits 1 when something failed. Nothing outside this
machine is contacted but the package index, and that only by `setup`.
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import environment  # noqa: E402

SUFFIXES = (".json", ".yaml", ".yml", ".template")
NO_TEMPLATES = ("stacks.json", "stack-refactor.json")


def templates(paths):
    files = []
    for path in map(Path, paths):
        files += sorted(f for f in path.rglob("*") if f.suffix in SUFFIXES and f.name not in NO_TEMPLATES) if path.is_dir() else [path]
    if not files:
        sys.exit("verify: no templates found")
    return [str(f) for f in files]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("setup")
    commands.add_parser("selftest")
    template = commands.add_parser("templates")
    template.add_argument("paths", nargs="+")
    template.add_argument("--all", action="store_true", help="print every informational finding, not one of each rule")
    deploy = commands.add_parser("deploy")
    deploy.add_argument("--archgen", required=True, help="the archgen binary")
    deploy.add_argument("--only", help="this architecture only")
    deploy.add_argument("--env", help="this environment only")
    deploy.add_argument("--keep", help="keep the output of every archgen run in this folder")
    stacks = commands.add_parser("stacks")
    stacks.add_argument("--archgen", required=True, help="the binary of `cargo build -p archgen-cli --example crowd`")
    stacks.add_argument("--keep", help="keep the output of every archgen run in this folder")
    tenants = commands.add_parser("tenants")
    tenants.add_argument("--archgen", required=True, help="the binary of `cargo build -p archgen-cli --example crowd`")
    tenants.add_argument("--tenants", type=int, help="so many, and not the usual numbers")
    tenants.add_argument("--keep", help="keep the output of every archgen run in this folder")
    terraform = commands.add_parser("terraform")
    terraform.add_argument("paths", nargs="+")
    terraform.add_argument("--archgen", help="the archgen binary: its `capabilities` have to list what is planned")
    equivalence = commands.add_parser("equivalence")
    equivalence.add_argument("path")
    equivalence.add_argument("--only", help="this architecture or environment only")
    equivalence.add_argument("--table", choices=["human", "markdown", "json"], help="print what both outputs hold")
    mutations = commands.add_parser("mutations")
    mutations.add_argument("path")
    mutations.add_argument("--only", help="this architecture or environment only")
    renames = commands.add_parser("renames")
    renames.add_argument("path")
    scan = commands.add_parser("scan")
    scan.add_argument("path")
    helm = commands.add_parser("helm")
    helm.add_argument("paths", nargs="+")
    helm.add_argument("--archgen", help="the archgen binary: network policies have to let through what its `reach` says")
    helm.add_argument("--only", help="this architecture only")
    helm.add_argument("--table", choices=["human", "markdown", "json"], help="print what ECS and Kubernetes are told of each service")
    selftest = commands.choices["selftest"]
    selftest.add_argument("part", nargs="?", choices=["templates", "terraform", "equivalence", "helm"], help="this part only")
    options = parser.parse_args()
    if options.command == "setup":
        environment.setup()
        return 0
    environment.enter()

    from report import Report
    report = Report()
    if options.command == "templates":
        import lint
        lint.check(templates(options.paths), report, options.all)
    elif options.command == "selftest":
        if options.part in (None, "templates"):
            import selftest
            selftest.run(report)
        if options.part in (None, "terraform"):
            from terraform import selftest as modules
            modules.run(report)
        if options.part in (None, "equivalence"):
            from equivalence import selftest as comparison
            comparison.run(report)
        if options.part in (None, "helm"):
            from helm import selftest as judged
            judged.run(report)
            from scan import check as scanned
            scanned.selftest(report)
    elif options.command == "scan":
        from scan import check as scanned
        scanned.check(options.path, report)
    elif options.command == "helm":
        from helm import check
        check.check(options.paths, report, options.archgen, options.only, options.table)
    elif options.command == "terraform":
        from terraform import modules
        modules.check(options.paths, report, options.archgen)
    elif options.command == "equivalence":
        from equivalence import check
        check.check(options.path, report, options.table, options.only)
    elif options.command == "mutations":
        from equivalence import mutations
        mutations.check(options.path, report, options.only)
    elif options.command == "stacks":
        import several
        several.run(Path(options.archgen), report, options.keep and Path(options.keep))
    elif options.command == "tenants":
        import tenants as coming_and_going
        coming_and_going.run(Path(options.archgen), report, options.keep and Path(options.keep), options.tenants)
    elif options.command == "renames":
        from terraform import renames
        renames.check(options.path, report)
    else:
        import deploy as deployment
        deployment.run(Path(options.archgen), report, options.only, options.env, options.keep and Path(options.keep))
    return report.close()


if __name__ == "__main__":
    sys.exit(main())
