using Congress;
using Congress.Data;
using Congress.Datasources;
using Congress.Policies;

namespace HostAudit;

/// <summary>A policy over the facts of one host.</summary>
/// <remarks>It changes with each <see cref="PollAsync"/>, by what the facts have changed. For one caller at a time.</remarks>
public sealed class Audit : IAsyncDisposable
{
    private readonly PolicyEngine _engine = new();
    private readonly IDatasourceDriver _driver;
    private IReadOnlyDictionary<string, IReadOnlyCollection<Row>> _facts = new Dictionary<string, IReadOnlyCollection<Row>>(StringComparer.Ordinal);

    /// <summary>Makes an audit that has read nothing yet.</summary>
    /// <param name="policy">The text of the policy; it reads the driver's tables as <c>host:table</c>.</param>
    /// <param name="source">The name of the text in messages.</param>
    /// <param name="driver">The driver.</param>
    public Audit(string policy, string source, IDatasourceDriver driver)
    {
        _driver = driver;
        _engine.CreateDatasource("host", driver.Schema);
        _engine.InsertRules(policy, source: source);
    }

    /// <summary>The number of facts at the last reading.</summary>
    public long Facts => _facts.Values.Sum(rows => (long)rows.Count);

    /// <summary>The violations as of the last reading.</summary>
    public IReadOnlyList<Violation> Violations => _engine.Violations;

    /// <summary>Reads the host and takes over what has changed. When that fails, the facts of the last reading stay.</summary>
    public async Task PollAsync(CancellationToken cancellationToken = default)
    {
        var facts = await _driver.ReadAsync(cancellationToken);
        var batch = new PolicyBatch();
        foreach (var diff in TableDiff.Between(_facts, facts))
        {
            foreach (var row in diff.Deleted)
            {
                batch.Delete($"host:{diff.Table}", row.AsSpan());
            }

            batch.InsertAll($"host:{diff.Table}", diff.Inserted);
        }

        _engine.Apply(batch, cancellationToken).ThrowIfRefused();
        _facts = facts;
    }

    /// <summary>Reads the host again and again, until cancelled.</summary>
    /// <param name="interval">The time from the beginning of one reading to that of the next.</param>
    /// <param name="tell">Is told when readings begin to fail, and when they succeed again.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task PollEveryAsync(TimeSpan interval, Action<string> tell, CancellationToken cancellationToken)
    {
        string? failure = null;
        using var timer = new PeriodicTimer(interval);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            try
            {
                await PollAsync(cancellationToken);
                if (failure is not null)
                {
                    tell("the host can be read again");
                }

                failure = null;
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                if (failure != exception.Message)
                {
                    tell($"the host cannot be read, its last facts are kept: {exception.Message}");
                }

                failure = exception.Message;
            }
        }
    }

    /// <summary>Follows the violations: all that there are, then what comes and goes.</summary>
    public IAsyncEnumerable<ViolationUpdate> WatchAsync(CancellationToken cancellationToken) => _engine.WatchViolations(cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _engine.DisposeAsync();
}
