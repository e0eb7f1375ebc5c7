using System.Text.Json;
using System.Text.RegularExpressions;
using Congress.Cli.Server;
using Congress.Data;
using Congress.Policies.Library;
using Congress.Tests.Api;

namespace Congress.Tests.Library;

/// <summary>The policies that come with the command.</summary>
public sealed partial class LibraryPolicyTests(ApiServer server) : IClassFixture<ApiServer>
{
    private static readonly IReadOnlyList<LibraryPolicy> Policies = LibraryFiles.Read(Repository.PathOf("tools/congress/library"));

    public static TheoryData<string> Names => [.. Policies.Select(p => p.Name)];

    [Fact]
    public void Every_policy_has_a_case() => Assert.Equal(LibraryCases.All.Keys.Order(StringComparer.Ordinal), Policies.Select(p => p.Name).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Names))]
    public void It_finds_what_is_wrong_and_nothing_else(string name)
    {
        var (rows, violations) = LibraryCases.All[name];
        using var engine = EngineWith(name);
        Assert.Empty(engine.Violations);
        InsertRows(engine, rows);
        Assert.Equal(violations, engine.Violations.Select(v => $"{v.Table.Table}{v.Row.ToString().Replace(",)", ")", StringComparison.Ordinal)}").Order(StringComparer.Ordinal));
    }

    /// <summary>A rule that could be left out is not tested, or not needed.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Each_rule_has_a_part_in_its_violations(string name)
    {
        var (rows, violations) = LibraryCases.All[name];
        var rules = Policies.Single(p => p.Name == name).Rules;
        var idle = rules.Where((_, i) =>
        {
            using var engine = EngineWith(name, without: i);
            InsertRows(engine, rows);
            return engine.Violations.Count == violations.Length;
        });
        Assert.DoesNotContain(idle, rule => rule.Rule.StartsWith("error(", StringComparison.Ordinal) && rule.Name is not ("public-and-confidential" or "writable-by-everybody"));
    }

    [Fact]
    public async Task All_can_be_made_policies_at_once()
    {
        foreach (var policy in Policies)
        {
            var rules = string.Join(", ", policy.Rules.Select(r => JsonSerializer.Serialize(new Dictionary<string, string?> { ["rule"] = r.Rule, ["name"] = r.Name, ["comment"] = r.Comment })));
            var added = (await server.PostAsync("/v1/librarypolicies", $$"""{"name": "{{policy.Name}}", "description": {{JsonSerializer.Serialize(policy.Description)}}, "rules": [{{rules}}]}""")).Is(201);
            var made = (await server.PostAsync($"/v1/policies?library_policy={added.Json.GetProperty("id").GetString()}", "{}")).Is(201);
            Assert.Equal(policy.Name, made.Json.GetProperty("name").GetString());
        }

        Assert.Empty(server.Failures);
    }

    /// <summary>Rows as facts of policies that are named as the datasources are.</summary>
    private static void InsertRows(PolicyEngine engine, string rows)
    {
        foreach (var datasource in Fact().Matches(rows).GroupBy(m => m.Groups["datasource"].Value, StringComparer.Ordinal))
        {
            engine.CreatePolicy(datasource.Key);
            engine.InsertRules(string.Join('\n', datasource.Select(m => m.Groups["fact"].Value)), datasource.Key);
        }
    }

    [GeneratedRegex("""(?<datasource>\w+):(?<fact>\w+\([^)]*\))""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Fact();

    private static PolicyEngine EngineWith(string name, int without = -1)
    {
        var engine = new PolicyEngine();
        engine.CreatePolicy(name, PolicyKind.Nonrecursive);
        foreach (var rule in Policies.Single(p => p.Name == name).Rules.Where((_, i) => i != without))
        {
            engine.InsertRules(rule.Rule, name);
        }

        return engine;
    }
}
