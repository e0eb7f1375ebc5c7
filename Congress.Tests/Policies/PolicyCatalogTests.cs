using System.Globalization;
using Congress.Data;
using Congress.Diagnostics;
using Congress.Persistence;
using Congress.Policies;
using Congress.Policies.Catalog;
using Congress.Tests.Persistence;

namespace Congress.Tests.Policies;

public sealed class PolicyCatalogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<IDisposable> _open = [];
    private int _requests;

    public void Dispose()
    {
        _open.ForEach(o => o.Dispose());
        _folder.Dispose();
    }

    [Fact]
    public async Task What_was_answered_is_there_after_a_restart_character_by_character()
    {
        var (catalog, _) = await OpenAsync();
        await CreateAsync(catalog, "net");
        var rule = new RuleRecord("r-1", "net", "error(vm) :-\n    on(vm, n),  // why\n    not public(n)", "foreign", "of the handbook");
        await catalog.InsertRuleAsync(Next(), rule);
        await catalog.InsertRuleAsync(Next(), new("r-2", "net", "on(\"vm-1\", \"a\")"));
        await catalog.InsertRuleAsync(Next(), new("r-3", "net", "on(\"vm-2\", \"b\")"));
        await catalog.DeleteRuleAsync(Next(), "net", "r-3");

        var (again, engine) = await OpenAsync();
        Assert.Equal(rule, again.State.RuleOf("net", "r-1"));
        Assert.Equal(["r-1", "r-2"], again.State.RulesOf("net").Select(r => r.Id));
        Assert.Equal(catalog.State.Version, again.State.Version);
        Assert.Equal([new Row("vm-1")], engine.Query("error(x)", "net"));
    }

    [Fact]
    public async Task Rules_of_two_engines_do_not_become_recursive_together()
    {
        var (one, _) = await OpenAsync();
        await CreateAsync(one, "p");
        var (two, _) = await OpenAsync();
        await one.InsertRuleAsync(Next(), new("r-1", "p", "a(x) :- b(x)"));

        // The second engine has not heard of the rule of the first.
        Assert.Empty(two.State.RulesOf("p"));
        var refused = await Assert.ThrowsAsync<PolicyException>(() => two.InsertRuleAsync(Next(), new("r-2", "p", "b(x) :- a(x)")));
        Assert.Equal(DiagnosticCode.Recursion, Assert.Single(refused.Diagnostics).Code);
        Assert.Equal(["r-1"], two.State.RulesOf("p").Select(r => r.Id));
        Assert.False(await one.CatchUpAsync());
    }

    [Fact]
    public async Task A_request_that_comes_again_is_answered_as_before()
    {
        var (one, _) = await OpenAsync();
        await CreateAsync(one, "p");
        var first = await one.InsertRuleAsync("the request", new("r-1", "p", "a(1)"));
        var (two, _) = await OpenAsync();
        var second = await two.InsertRuleAsync("the request", new("r-2", "p", "a(1)"));
        Assert.Equal(first.Version, second.Version);
        Assert.Equal(first.Changes, second.Changes);
        Assert.Equal(["r-1"], two.State.RulesOf("p").Select(r => r.Id));
    }

    [Fact]
    public async Task A_request_that_was_refused_is_refused_again_though_it_would_be_right_by_now()
    {
        var (one, _) = await OpenAsync();
        await CreateAsync(one, "p");
        await one.InsertRuleAsync(Next(), new("r-1", "p", "a(x) :- b(x)"));
        var first = await Assert.ThrowsAsync<PolicyException>(() => one.InsertRuleAsync("the request", new("r-2", "p", "b(x) :- a(x)")));
        var twice = await Assert.ThrowsAsync<CatalogException>(() => one.InsertRuleAsync("another", new("r-3", "p", "a(x) :- b(x)")));
        await one.DeleteRuleAsync(Next(), "p", "r-1");

        var (two, _) = await OpenAsync();
        var late = await Assert.ThrowsAsync<PolicyException>(() => two.InsertRuleAsync("the request", new("r-2", "p", "b(x) :- a(x)")));
        Assert.Equal(first.Diagnostics, late.Diagnostics);
        var lateTwice = await Assert.ThrowsAsync<CatalogException>(() => two.InsertRuleAsync("another", new("r-3", "p", "a(x) :- b(x)")));
        Assert.Equal((twice.Failure, twice.Message), (lateTwice.Failure, lateTwice.Message));
        Assert.Empty(two.State.RulesOf("p"));
        await two.InsertRuleAsync(Next(), new("r-2", "p", "b(x) :- a(x)"));
    }

    [Fact]
    public async Task What_does_not_go_with_the_rest_is_refused_and_changes_nothing()
    {
        var (catalog, engine) = await OpenAsync();
        await CreateAsync(catalog, "p");
        await catalog.InsertRuleAsync(Next(), new("r-1", "p", "a(x) :- b(x), c(x)"));
        var before = catalog.State;

        Assert.Equal(CatalogFailure.PolicyExists, await FailureAsync(() => CreateAsync(catalog, "p")));
        Assert.Equal(CatalogFailure.NoPolicy, await FailureAsync(() => catalog.InsertRuleAsync(Next(), new("r", "q", "a(1)"))));
        Assert.Equal(CatalogFailure.NoPolicy, await FailureAsync(() => catalog.DeletePolicyAsync(Next(), "q")));
        Assert.Equal(CatalogFailure.RuleExists, await FailureAsync(() => catalog.InsertRuleAsync(Next(), new("r", "p", "a(x) :- c(x), b(x)"))));
        Assert.Equal(CatalogFailure.NotOneRule, await FailureAsync(() => catalog.InsertRuleAsync(Next(), new("r", "p", "a(1). a(2)"))));
        Assert.Equal(CatalogFailure.NotOneRule, await FailureAsync(() => catalog.InsertRuleAsync(Next(), new("r", "p", ""))));
        Assert.Equal(CatalogFailure.NoRule, await FailureAsync(() => catalog.DeleteRuleAsync(Next(), "p", "r-2")));
        await Assert.ThrowsAsync<PolicyException>(() => catalog.InsertRuleAsync(Next(), new("r", "p", "a(x :- b(x)")));
        await Assert.ThrowsAsync<PolicyException>(() => catalog.InsertRuleAsync(Next(), new("r", "p", "a(x) :- b(y)")));
        await Assert.ThrowsAsync<PolicyException>(() => CreateAsync(catalog, "not a name"));
        Assert.Equal(CatalogFailure.NotOneRule, await FailureAsync(() => catalog.CreatePolicyAsync(
            Next(), new("p-2", "second", PolicyKind.Nonrecursive, "secon"), [new("a", "second", "a(1)"), new("b", "second", "a(1). a(2)")])));
        Assert.Same(before, catalog.State);
        Assert.Equal(["p", "policy"], engine.Policies.Select(p => p.Name));
    }

    [Fact]
    public async Task A_rule_that_comes_twice_with_its_policy_is_there_once()
    {
        var (catalog, _) = await OpenAsync();
        await catalog.CreatePolicyAsync(Next(), new("p-2", "second", PolicyKind.Nonrecursive, "secon"), [new("a", "second", "a(1)"), new("b", "second", "a( 1 ).")]);
        Assert.Equal(["a"], catalog.State.RulesOf("second").Select(r => r.Id));
    }

    [Fact]
    public async Task A_policy_goes_with_its_rules_and_its_name_can_be_given_again()
    {
        var (catalog, engine) = await OpenAsync();
        await catalog.CreatePolicyAsync(Next(), new("id-1", "p", PolicyKind.Nonrecursive, "p"), [new("r-1", "p", "a(1)"), new("r-2", "p", "b(x) :- a(x)")]);
        Assert.Equal([new Row(1)], engine.Query("b(x)", "p"));
        await catalog.DeletePolicyAsync(Next(), "id-1");
        Assert.Null(catalog.State.Find("p"));
        await catalog.CreatePolicyAsync(Next(), new("id-2", "p", PolicyKind.Recursive, "p"));
        Assert.Empty(engine.Query("a(x)", "p"));
        Assert.Equal(catalog.State.Policies, (await OpenAsync()).Catalog.State.Policies);
    }

    [Fact]
    public async Task Engines_that_write_at_once_end_up_with_the_same_rules()
    {
        const int writers = 4, each = 60;
        await CreateAsync((await OpenAsync()).Catalog, "p");
        var catalogs = new List<(PolicyCatalog Catalog, PolicyEngine Engine)>();
        for (var i = 0; i < writers; i++)
        {
            catalogs.Add(await OpenAsync());
        }

        // Rules over a few tables, so that many would close a cycle with those of others.
        var refused = await Task.WhenAll(catalogs.Select((c, writer) => Task.Run(async () =>
        {
            var (random, count) = (new Random(writer), 0);
            for (var i = 0; i < each; i++)
            {
                try
                {
                    var text = string.Create(CultureInfo.InvariantCulture, $"t{random.Next(20)}(x, {i}) :- t{random.Next(20)}(x, {writer})");
                    await c.Catalog.InsertRuleAsync($"{writer}-{i}", new($"r-{writer}-{i}", "p", text));
                }
                catch (Exception exception) when (exception is PolicyException or CatalogException)
                {
                    count++;
                }
            }

            return count;
        })));
        foreach (var (catalog, _) in catalogs)
        {
            await catalog.CatchUpAsync();
        }

        var first = catalogs[0];
        Assert.InRange(refused.Sum(), 1, (writers * each) - 1);
        Assert.Equal(1 + (writers * each) - refused.Sum(), first.Catalog.State.Version);
        Assert.All(catalogs, c =>
        {
            Assert.Equal(first.Catalog.State.RulesOf("p"), c.Catalog.State.RulesOf("p"));
            Assert.Equal(first.Catalog.State.RulesOf("p").Count(), c.Engine.Policies.Single(p => p.Name == "p").Rules);
        });
    }

    private string Next() => (++_requests).ToString(CultureInfo.InvariantCulture);

    private Task<RuleLogEntry> CreateAsync(PolicyCatalog catalog, string name) =>
        catalog.CreatePolicyAsync(Next(), new($"id-{name}", name, PolicyKind.Nonrecursive, name[..1]));

    private async Task<(PolicyCatalog Catalog, PolicyEngine Engine)> OpenAsync()
    {
        var store = await SqliteStore.OpenAsync(_folder.File("congress.db"), new() { Patience = TimeSpan.FromSeconds(60) });
        var engine = new PolicyEngine();
        _open.AddRange([engine, store]);
        var catalog = new PolicyCatalog(engine, new SqliteRuleLog(store));
        await catalog.CatchUpAsync();
        return (catalog, engine);
    }

    private static async Task<CatalogFailure> FailureAsync(Func<Task> work) => (await Assert.ThrowsAsync<CatalogException>(work)).Failure;
}
