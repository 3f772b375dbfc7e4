//! What IAM lets the roles of a tenant do with what is another's.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::facts::{Condition, Kind, Principal, Statement, Target, Use, shown};
use super::policy::{Policies, Session, Truth, takes};
use super::scope::{Between, Finding, Found, Scope, Tenants, Unknown, and_others};
use crate::codes::Code;
use crate::tenant_fields::Layer;

/// How many roles one may take for these to be looked at one by one.
const MOST_TAKEN: usize = 64;

/// AWS's own policies that get at more than one resource: their actions on everything. Others of
/// [`HARMLESS`] do not; what is in neither list is not known.
/// <https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html>
const WIDE: &[(&str, &[&str])] = &[
    ("AdministratorAccess", &["*"]),
    ("PowerUserAccess", &["*"]),
    ("ReadOnlyAccess", &["s3:Get*", "s3:List*", "logs:Get*", "logs:FilterLogEvents"]),
    ("SecretsManagerReadWrite", &["secretsmanager:*"]),
    ("CloudWatchLogsFullAccess", &["logs:*"]),
    ("CloudWatchLogsReadOnlyAccess", &["logs:Get*", "logs:FilterLogEvents"]),
    ("CloudWatchFullAccess", &["logs:*"]),
    ("CloudWatchFullAccessV2", &["logs:*"]),
    ("AmazonS3FullAccess", &["s3:*"]),
    ("AmazonS3ReadOnlyAccess", &["s3:Get*", "s3:List*"]),
    ("AmazonECS_FullAccess", &["ecs:*"]),
    ("AmazonElasticFileSystemFullAccess", &["elasticfilesystem:*"]),
    ("AmazonElasticFileSystemClientFullAccess", &["elasticfilesystem:Client*"]),
    ("AmazonElasticFileSystemClientReadWriteAccess", &["elasticfilesystem:Client*"]),
    ("IAMFullAccess", &["iam:*"]),
    (
        "service-role/AmazonECSTaskExecutionRolePolicy",
        &["logs:CreateLogStream", "logs:PutLogEvents"],
    ),
    ("CloudWatchAgentServerPolicy", &["logs:CreateLogStream", "logs:PutLogEvents"]),
    (
        "service-role/AmazonEC2ContainerServiceforEC2Role",
        &["logs:CreateLogStream", "logs:PutLogEvents"],
    ),
];

/// AWS's own policies that get at nothing of a tenant.
const HARMLESS: &[&str] = &[
    "AmazonSSMManagedInstanceCore",
    "AmazonECSInfrastructureRolePolicyForLoadBalancers",
    "service-role/AmazonRDSEnhancedMonitoringRole",
    "AWSXRayDaemonWriteAccess",
    "AmazonEC2ContainerRegistryReadOnly",
];

/// Who works with a role, and how it looks to policies.
struct Acting<'a> {
    role: usize,
    statements: &'a [Statement],
    session: Session,
    users: Tenants,
    /// How the role was come by, where it was taken.
    by: Option<String>,
    /// The role and the statement that let it be taken by one of them alone.
    blamed: Option<(usize, usize)>,
}

/// What breaks, by role and statement.
type Breaks = BTreeMap<(usize, usize), Broken>;

struct Broken {
    message: String,
    layers: BTreeSet<Layer>,
    between: Vec<Between>,
    what: usize,
}

/// Finds what the policies break.
pub fn find(scope: &Scope<'_>, policies: &Policies<'_>, found: &mut Found) {
    let mut search = Search {
        scope,
        policies,
        breaks: Breaks::new(),
        owners: BTreeMap::new(),
        managed: Vec::new(),
        trusted: BTreeMap::new(),
    };
    let users = users(scope);
    search.trust(&users);
    search.managed(&users, found);
    for (role, tenants) in &users {
        let thing = scope.thing(*role);
        let statements = search.statements_of(*role);
        let acting = Acting {
            role: *role,
            statements,
            session: Session::new(&thing.arns, &thing.tags),
            users: tenants.clone(),
            by: None,
            blamed: None,
        };
        search.act(&acting, found);
        search.take(&acting, found);
    }
    search.resources(&users, found);
    for ((role, _), it) in search.breaks {
        let mut finding = Finding::new(Code::AG0602, it.layers, Some(role), it.message, it.between);
        let what = scope.thing(it.what);
        finding.labels.push((what.loc, format!("{} is declared here", scope.named(it.what))));
        found.findings.push(finding);
    }
}

/// The tenants that work with each role.
fn users(scope: &Scope<'_>) -> BTreeMap<usize, Tenants> {
    let mut all: BTreeMap<usize, BTreeSet<u32>> = BTreeMap::new();
    let of_role = |it: &Target| match it {
        Target::Thing(it) if scope.thing(*it).kind == Kind::Role => Some(*it),
        Target::Thing(_) | Target::Elsewhere(_) => None,
    };
    for tenant in 0..scope.pool.tenants.len() as u32 {
        for thing in &scope.tenant(tenant).things {
            if scope.thing(*thing).kind == Kind::Role {
                all.entry(*thing).or_default().insert(tenant);
            }
            for used in [Use::TaskRole, Use::ExecutionRole] {
                for role in scope.uses(*thing, used).filter_map(of_role) {
                    all.entry(role).or_default().insert(tenant);
                }
            }
        }
    }
    let mut all: BTreeMap<usize, Tenants> =
        all.into_iter().map(|(role, it)| (role, it.into_iter().collect())).collect();
    if !scope.served.is_empty() {
        for thing in &scope.shared {
            for used in [Use::TaskRole, Use::ExecutionRole] {
                for role in scope.uses(*thing, used).filter_map(of_role) {
                    let known = all.entry(role).or_insert_with(|| scope.served.clone());
                    let both: BTreeSet<u32> =
                        known.iter().chain(scope.served.iter()).copied().collect();
                    if both.len() > known.len() {
                        *known = both.into_iter().collect();
                    }
                }
            }
        }
    }
    all
}

/// The tenants whose resources are covered: all, and by layer.
type Owners = Rc<(Tenants, Vec<(Layer, Tenants)>)>;

struct Search<'a> {
    scope: &'a Scope<'a>,
    policies: &'a Policies<'a>,
    breaks: Breaks,
    /// The tenants whose resources a list of covered ones holds, by the place of the list.
    owners: BTreeMap<usize, (Rc<Vec<super::policy::Covered>>, Owners)>,
    /// The statements of AWS's own policies of each role.
    managed: Vec<(usize, Vec<Statement>)>,
    /// The roles that each may take because they say so themselves, with the statement.
    trusted: BTreeMap<usize, Vec<(usize, usize)>>,
}

impl<'a> Search<'a> {
    /// The statements of a role.
    fn statements_of(&self, role: usize) -> &'a [Statement] {
        &self.scope.thing(role).statements
    }

    /// What AWS's own policies give.
    fn managed(&mut self, users: &BTreeMap<usize, Tenants>, found: &mut Found) {
        for (role, tenants) in users {
            let mut statements = Vec::new();
            for name in &self.scope.thing(*role).managed {
                if let Some((_, actions)) = WIDE.iter().find(|it| it.0 == name) {
                    statements.push(Statement {
                        sid: name.clone(),
                        allow: true,
                        actions: actions.iter().map(|it| (*it).to_string()).collect(),
                        resources: vec!["*".to_string()],
                        ..Statement::default()
                    });
                } else if !HARMLESS.contains(&name.as_str()) {
                    found.unknown.push(Unknown {
                        what: format!(
                            "what `{name}` of {} allows is not read",
                            self.scope.named(*role)
                        ),
                        layers: BTreeSet::from([Layer::Identity]),
                        tenants: tenants.clone(),
                    });
                }
            }
            if !statements.is_empty() {
                self.managed.push((*role, statements));
            }
        }
        let managed = std::mem::take(&mut self.managed);
        for (role, statements) in &managed {
            let thing = self.scope.thing(*role);
            let acting = Acting {
                role: *role,
                statements,
                session: Session::new(&thing.arns, &thing.tags),
                users: users[role].clone(),
                by: None,
                blamed: None,
            };
            self.act(&acting, found);
        }
    }

    /// The tenants whose resources are covered.
    fn owners(&mut self, covered: &Rc<Vec<super::policy::Covered>>) -> Owners {
        let place = Rc::as_ptr(covered) as usize;
        if let Some((_, it)) = self.owners.get(&place) {
            return it.clone();
        }
        let mut layers: BTreeMap<Layer, BTreeSet<u32>> = BTreeMap::new();
        for it in covered.iter().filter(|it| it.certain) {
            if let Some(owner) = self.scope.owner[it.thing as usize] {
                let layer = self.scope.thing(it.thing as usize).kind.layer();
                layers.entry(layer).or_default().insert(owner);
                layers.entry(Layer::Identity).or_default().insert(owner);
            }
        }
        let all: Tenants = layers.get(&Layer::Identity).into_iter().flatten().copied().collect();
        let layers = layers.into_iter().map(|(it, all)| (it, all.into_iter().collect()));
        let all: Owners = Rc::new((all, layers.collect()));
        self.owners.insert(place, (covered.clone(), all.clone()));
        all
    }

    /// What somebody with a role gets at.
    fn act(&mut self, acting: &Acting<'_>, found: &mut Found) {
        let has_deny = acting.statements.iter().any(|it| !it.allow);
        for (number, statement) in acting.statements.iter().enumerate() {
            let mut covered = self.policies.covered(statement, &acting.session);
            if covered.is_empty() {
                continue;
            }
            if has_deny {
                let denied = |it: u32| {
                    self.policies.denied(acting.statements, statement, &acting.session, it)
                };
                covered = Rc::new(covered.iter().copied().filter(|it| !denied(it.thing)).collect());
            }
            let denied_by_resource = |it: u32| {
                let thing = self.scope.thing(it as usize);
                let own: Vec<&Statement> = thing
                    .policy
                    .iter()
                    .filter(|it| !it.allow && concerns(it, &acting.session))
                    .collect();
                !own.is_empty() && {
                    let own: Vec<Statement> = own.into_iter().cloned().map(on_everything).collect();
                    self.policies.denied(&own, statement, &acting.session, it)
                }
            };
            let some_deny = |it: &super::policy::Covered| {
                self.scope.thing(it.thing as usize).policy.iter().any(|it| !it.allow)
            };
            if covered.iter().any(some_deny) {
                covered = Rc::new(
                    covered.iter().copied().filter(|it| !denied_by_resource(it.thing)).collect(),
                );
            }
            let owners = self.owners(&covered);
            self.judge(acting, number, statement, &covered, &owners, found);
        }
    }

    fn judge(
        &mut self,
        acting: &Acting<'_>,
        number: usize,
        statement: &Statement,
        covered: &Rc<Vec<super::policy::Covered>>,
        owners: &Owners,
        found: &mut Found,
    ) {
        let scope = self.scope;
        let foreign = |user: u32| owners.0.iter().any(|it| *it != user);
        let wrong: Vec<u32> = acting.users.iter().copied().filter(|it| foreign(*it)).collect();
        if wrong.is_empty() {
            let perhaps = covered.iter().find(|it| {
                let owner = scope.owner[it.thing as usize];
                !it.certain && owner.is_some_and(|it| acting.users.iter().any(|user| *user != it))
            });
            if let Some(it) = perhaps {
                let what = it.thing as usize;
                found.unknown.push(Unknown {
                    what: format!(
                        "whether statement `{}` of {} covers {} depends on values that are not known",
                        statement.sid,
                        scope.named(acting.role),
                        scope.named(what),
                    ),
                    layers: BTreeSet::from([Layer::Identity, scope.thing(what).kind.layer()]),
                    tenants: acting.users.clone(),
                });
            }
            return;
        }
        let others = |user: &u32| {
            let user = *user;
            let of = owners.1.iter();
            of.map(move |(layer, others)| Between {
                one: user,
                others: others.clone(),
                layer: Some(*layer),
            })
        };
        let between: Vec<Between> = wrong.iter().flat_map(others).collect();
        // Numbers of AWS's own policies lie behind those of the role's.
        let own = std::ptr::eq(acting.statements, self.statements_of(acting.role));
        let key = (acting.role, if own { number } else { usize::MAX - number });
        let key = acting.blamed.unwrap_or(key);
        if let Some(known) = self.breaks.get_mut(&key) {
            known.between.extend(between);
            known.layers.extend(owners.1.iter().map(|it| it.0));
            return;
        }
        let user = wrong[0];
        let Some(victim) = covered
            .iter()
            .find(|it| it.certain && scope.owner[it.thing as usize].is_some_and(|it| it != user))
        else {
            return;
        };
        let what = victim.thing as usize;
        let whose = scope.owner[what].unwrap_or_default();
        let layers: BTreeSet<Layer> = owners.1.iter().map(|it| it.0).collect();
        let who = match (&acting.by, acting.users.len()) {
            (Some(by), _) => format!(
                "{by} takes {} for {}",
                scope.named(acting.role),
                and_others(&scope.key(user), wrong.len())
            ),
            (None, 1) => format!("{} of tenant {}", scope.named(acting.role), scope.key(user)),
            (None, count) => format!(
                "{}, with which {} work,",
                scope.named(acting.role),
                and_others(&scope.key(user), count)
            ),
        };
        let does = if acting.by.is_some() { ", whose" } else { " has" };
        let resources: Vec<String> = statement.resources.iter().map(|it| shown(it)).collect();
        let message = format!(
            "{who}{does} statement `{}` {}covers {} of tenant {}",
            statement.sid,
            if acting.by.is_some() { "" } else { "that " },
            scope.named(what),
            scope.key(whose),
        );
        let message = format!(
            "{message}: `{}` on `{}`",
            statement.actions.join("`, `"),
            resources.join("`, `")
        );
        self.breaks.insert(key, Broken { message, layers, between, what });
    }

    /// Who may take which roles by what these say themselves. In one account that suffices.
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics-req-context.html>
    fn trust(&mut self, users: &BTreeMap<usize, Tenants>) {
        for (role, thing) in self.scope.facts.things.iter().enumerate() {
            if thing.kind != Kind::Role || self.scope.owner[role].is_some() {
                continue;
            }
            for (number, statement) in thing.policy.iter().enumerate() {
                if !takes(statement, "sts:assumerole") {
                    continue;
                }
                for by in self.admitted(statement) {
                    if by != role && users.contains_key(&by) {
                        self.trusted.entry(by).or_default().push((role, number));
                    }
                }
            }
        }
    }

    /// What somebody gets at by the roles that it may take.
    fn take(&mut self, acting: &Acting<'_>, found: &mut Found) {
        let scope = self.scope;
        for (role, number) in self.trusted.get(&acting.role).cloned().unwrap_or_default() {
            let statement = &scope.thing(role).policy[number];
            let tagging: &[&Statement] =
                if takes(statement, "sts:tagsession") { &[statement] } else { &[] };
            // Numbers of what a role says of itself lie behind those of what it may do.
            self.taken(acting, role, tagging, (role, usize::MAX / 2 - number), found);
        }
        let all = acting.statements.iter().enumerate();
        for (number, statement) in all.filter(|it| takes(it.1, "sts:assumerole")) {
            let covered = self.policies.covered(statement, &acting.session);
            let roles: Vec<usize> = covered
                .iter()
                .filter(|it| it.certain)
                .map(|it| it.thing as usize)
                .filter(|it| {
                    scope.thing(*it).kind == Kind::Role
                        && *it != acting.role
                        && scope.owner[*it].is_none()
                })
                .take(MOST_TAKEN)
                .collect();
            for role in roles {
                let tagging = acting.statements.iter().filter(|it| takes(it, "sts:tagsession"));
                let tagging: Vec<&Statement> = tagging
                    .filter(|it| {
                        let covered = self.policies.covered(it, &acting.session);
                        covered.iter().any(|it| it.thing as usize == role)
                    })
                    .collect();
                self.taken(acting, role, &tagging, (acting.role, number), found);
            }
        }
    }

    /// What somebody gets at by a role that it takes, with the statements by which it may bring tags.
    fn taken(
        &mut self,
        acting: &Acting<'_>,
        role: usize,
        tagging: &[&Statement],
        blamed: (usize, usize),
        found: &mut Found,
    ) {
        let scope = self.scope;
        let thing = scope.thing(role);
        let session = Session::new(&thing.arns, &thing.tags);
        let by = Some(scope.named(acting.role));
        let with = |session: Session, users: Tenants| Acting {
            role,
            statements: &thing.statements,
            session,
            users,
            by: by.clone(),
            blamed: None,
        };
        if tagging.is_empty() {
            self.act(&with(session, acting.users.clone()), found);
        } else if scope.owner[acting.role].is_none() {
            // It works for several tenants, and says for whom.
            for user in acting.users.iter() {
                let key = scope.tenant(*user).key.clone();
                let session = Session { chosen: Some(key), ..session.clone() };
                self.act(&with(session, Tenants::from([*user])), found);
            }
        } else {
            let session = tagging
                .iter()
                .fold(session, |it, statement| chosen(it, &statement.conditions, &acting.session));
            let alone = Acting { blamed: Some(blamed), ..with(session, acting.users.clone()) };
            self.act(&alone, found);
        }
    }

    /// What policies of resources let the roles of others do.
    fn resources(&mut self, users: &BTreeMap<usize, Tenants>, found: &mut Found) {
        let scope = self.scope;
        for number in 0..scope.facts.things.len() {
            let Some(owner) = scope.owner[number] else { continue };
            let thing = scope.thing(number);
            for statement in thing.policy.iter().filter(|it| it.allow) {
                if thing.kind != Kind::Role && !Policies::is_about_content(statement, thing) {
                    continue;
                }
                let mut between: Vec<Between> = Vec::new();
                let mut who = String::new();
                for role in self.admitted(statement) {
                    let Some(tenants) = users.get(&role) else { continue };
                    let foreign: Vec<u32> =
                        tenants.iter().copied().filter(|it| *it != owner).collect();
                    if foreign.is_empty() {
                        continue;
                    }
                    let session = Session::new(&scope.thing(role).arns, &scope.thing(role).tags);
                    let denied = thing.policy.iter().any(|it| {
                        !it.allow
                            && concerns(it, &session)
                            && it.actions.iter().any(|it| it == "*" || it.ends_with(":*"))
                            && Policies::holds_for(it, &session, thing) == Truth::Yes
                    });
                    match Policies::holds_for(statement, &session, thing) {
                        Truth::No => {}
                        _ if denied => {}
                        Truth::Maybe => found.unknown.push(Unknown {
                            what: format!(
                                "whether the policy of {} admits {} depends on values that are not \
                                 known",
                                scope.named(number),
                                scope.named(role)
                            ),
                            layers: BTreeSet::from([Layer::Identity, thing.kind.layer()]),
                            tenants: Tenants::from([owner]),
                        }),
                        Truth::NotRead | Truth::Yes => {
                            if who.is_empty() {
                                let first = scope.key(foreign[0]);
                                who = format!("{} of tenant {first}", scope.named(role));
                            }
                            let own = Tenants::from([owner]);
                            between.extend(foreign.iter().map(|it| Between::new(*it, own.clone())));
                        }
                    }
                }
                if between.is_empty() {
                    continue;
                }
                let message = format!(
                    "statement `{}` of the policy of {} of tenant {} admits {who}",
                    statement.sid,
                    scope.named(number),
                    scope.key(owner),
                );
                found.findings.push(Finding::new(
                    Code::AG0602,
                    [Layer::Identity, thing.kind.layer()],
                    Some(number),
                    message,
                    between,
                ));
            }
        }
    }

    /// The roles that a statement of a resource's policy names.
    fn admitted(&self, statement: &Statement) -> BTreeSet<usize> {
        let mut all = BTreeSet::new();
        for principal in &statement.principals {
            match principal {
                Principal::Other(_) => {}
                Principal::Everyone => all.extend(self.everyone(statement)),
                Principal::Arn(it) if it == "*" => all.extend(self.everyone(statement)),
                // The account itself leaves it to the policies of its roles.
                Principal::Arn(it) if it.ends_with(":root") => {}
                Principal::Arn(it) => {
                    let roles = self.policies.roles(it);
                    all.extend(roles.iter().filter(|it| it.1).map(|it| it.0 as usize));
                }
            }
        }
        all
    }

    /// The roles that are meant where everybody is: all but those that a condition leaves out.
    fn everyone(&self, statement: &Statement) -> BTreeSet<usize> {
        for it in &statement.conditions {
            let key = it.key.to_lowercase();
            let equal = it.operator.to_lowercase().ends_with("equals")
                && !it.operator.to_lowercase().contains("not");
            if key == "aws:principalarn" {
                let roles = it.values.iter().flat_map(|it| self.policies.roles(it));
                return roles.filter(|it| it.1).map(|it| it.0 as usize).collect();
            }
            if let Some(tag) = key.strip_prefix("aws:principaltag/").filter(|_| equal) {
                let all = it.values.iter().flat_map(|it| self.policies.tagged(tag, it));
                return all.map(|it| *it as usize).collect();
            }
        }
        self.policies.roles("*").iter().map(|it| it.0 as usize).collect()
    }
}

/// A statement of a resource's policy, whose resource is the one that has it.
fn on_everything(mut statement: Statement) -> Statement {
    statement.resources = vec!["*".to_string()];
    statement.not_resources = false;
    statement
}

/// Whether a statement of a resource's policy is certainly about a session.
fn concerns(statement: &Statement, session: &Session) -> bool {
    statement.principals.iter().any(|it| match it {
        Principal::Everyone => true,
        Principal::Arn(it) => {
            it == "*" || session.arns.iter().any(|arn| super::glob::holds(it, arn))
        }
        Principal::Other(_) => false,
    })
}

/// A session whose tags are those that a condition asks for; without one, any.
fn chosen(mut session: Session, conditions: &[Condition], own: &Session) -> Session {
    for it in conditions {
        let key = it.key.to_lowercase();
        let equal = it.operator.to_lowercase().starts_with("stringequals");
        if let Some(tag) = key.strip_prefix("aws:requesttag/").filter(|_| equal)
            && let [value] = it.values.as_slice()
            && let Some(value) = own.filled(value)
        {
            session.tags.insert(tag.to_string(), value);
        }
    }
    session.chosen = Some("*".to_string());
    session
}
