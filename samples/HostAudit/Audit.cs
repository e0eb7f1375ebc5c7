using Congress;
using Congress.Datasources;
using Congress.Policies;

namespace HostAudit;

/// <summary>A policy over the facts of one host.</summary>
public static class Audit
{
    /// <summary>Reads the facts of a driver once and finds what violates the policy.</summary>
    /// <param name="policy">The text of the policy; it reads the driver's tables as <c>host:table</c>.</param>
    /// <param name="source">The name of the text in messages.</param>
    /// <param name="driver">The driver.</param>
    /// <param name="cancellationToken">Stops the reading and the evaluation.</param>
    /// <returns>The violations, and how many rows were read.</returns>
    public static async Task<(IReadOnlyList<Violation> Violations, long Rows)> RunAsync(
        string policy, string source, IDatasourceDriver driver, CancellationToken cancellationToken = default)
    {
        await using var engine = new PolicyEngine();
        engine.CreateDatasource("host", driver.Schema);
        engine.InsertRules(policy, source: source);

        var facts = new PolicyBatch();
        var rows = 0L;
        foreach (var (table, content) in await driver.ReadAsync(cancellationToken))
        {
            facts.InsertAll($"host:{table}", content);
            rows += content.Count;
        }

        engine.Apply(facts, cancellationToken).ThrowIfRefused();
        return (engine.GetViolations(cancellationToken), rows);
    }
}
