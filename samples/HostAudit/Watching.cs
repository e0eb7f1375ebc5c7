using Congress.Policies;

namespace HostAudit;

/// <summary>An audit that goes on: readings in the background, and their consequences as they come.</summary>
public static class Watching
{
    /// <summary>Watches until cancelled.</summary>
    /// <param name="audit">The audit, which has been polled.</param>
    /// <param name="interval">The time between two readings.</param>
    /// <param name="writer">Is given all violations, then those that appear and clear.</param>
    /// <param name="tell">Is told when the host cannot be read.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The violations that stand at the end.</returns>
    public static async Task<IReadOnlyCollection<Violation>> RunAsync(
        Audit audit, TimeSpan interval, AuditWriter writer, Action<string> tell, CancellationToken cancellationToken)
    {
        var standing = new StandingViolations();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var polling = audit.PollEveryAsync(interval, tell, stop.Token);
        var writing = WriteAsync(audit, standing, writer, stop.Token);
        await Task.WhenAny(polling, writing);
        await stop.CancelAsync();
        try
        {
            await Task.WhenAll(polling, writing);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // the way in which it ends
        }

        return standing.All;
    }

    private static async Task WriteAsync(Audit audit, StandingViolations standing, AuditWriter writer, CancellationToken cancellationToken)
    {
        await foreach (var update in audit.WatchAsync(cancellationToken))
        {
            writer.Write(standing.Take(update));
        }
    }
}
