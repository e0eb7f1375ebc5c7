using System.Text.RegularExpressions;
using Congress.Datasources.Drivers.Host;

namespace Congress.Tests.Datasources.Host;

/// <summary>That the audit, its cases and the tables agree.</summary>
public sealed class HostAuditTests
{
    private static readonly string Policy = File.ReadAllText(Path.Join(AppContext.BaseDirectory, "policy.dl"));

    private static readonly Match[] RuleHeads = Matches(
        """@id\("(?<id>[^"]+)"\) @severity\((?<severity>\w+)\) @message\("[^"]+"\)\n(?<head>\w+)\("(?<first>[^"]+)",""", Policy);

    [Fact]
    public void Every_rule_of_the_audit_has_one_case() =>
        Assert.Equal(RuleHeads.Select(match => match.Groups["id"].Value).ToArray(), AuditCases.All.Select(found => found.Rule).ToArray());

    [Fact]
    public void Every_harmless_case_names_a_rule() =>
        Assert.All(AuditCases.Harmless, harmless => Assert.Contains(AuditCases.All, found => found.Rule.Equals(harmless.Rule, StringComparison.Ordinal)));

    [Fact]
    public void The_severity_of_a_rule_is_its_head_and_the_row_tells_its_id() =>
        Assert.All(RuleHeads, match =>
        {
            Assert.Equal(match.Groups["severity"].Value, match.Groups["head"].Value);
            Assert.Equal(match.Groups["id"].Value, match.Groups["first"].Value);
        });

    [Fact]
    public void The_audit_reads_tables_and_columns_that_there_are() =>
        Assert.All(Matches("""host:(?<table>\w+)\((?<arguments>[^)]*)\)""", Policy), match =>
        {
            var arguments = match.Groups["arguments"].Value;
            var table = HostTables.All.Single(table => table.Table.Equals(match.Groups["table"].Value, StringComparison.Ordinal));
            var columns = Matches("""(?<name>\w+)=""", arguments);
            Assert.All(columns, column => Assert.NotEqual(-1, table.IndexOf(column.Groups["name"].Value)));
            Assert.True(columns.Length > 0 || arguments.Split(',').Length == table.Arity, match.Value);
        });

    [Fact]
    public async Task On_a_healthy_host_everything_can_be_seen()
    {
        using var host = FakeHost.Healthy();
        var tables = await host.ReadAsync();
        Assert.Empty(tables["problems"]);
        Assert.All(tables.Where(table => table.Key is not "problems"), table => Assert.NotEmpty(table.Value));
    }

    private static Match[] Matches(string pattern, string text) =>
        Regex.Matches(text, pattern, RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture).ToArray();
}
