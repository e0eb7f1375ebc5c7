using System.Globalization;
using Congress.Data;
using Congress.Diagnostics;
using Congress.Policies;
using Congress.Policies.Serving;

namespace Congress;

/// <summary>The violations of all policies, as one table that others follow.</summary>
public sealed partial class PolicyEngineService
{
    private const int LongestFact = 100_000;   // characters: a row must fit a message
    private const int LongestMessage = 10_000;

    private Task _violationFeeds = Task.CompletedTask;   // those that were begun; each ends when nobody follows the table, or with the engine

    /// <summary>Publishes the violations, and what becomes of them from now on.</summary>
    /// <returns>What ends it.</returns>
    private ViolationFeed PublishViolations()
    {
        var (engine, feed) = (_engine!, new ViolationFeed(_telling));
        _violationFeeds = Task.WhenAll(_violationFeeds.IsCompleted ? Task.CompletedTask : _violationFeeds, Task.Run(() => TellViolationsAsync(engine, feed), CancellationToken.None));
        return feed;
    }

    private async Task TellViolationsAsync(PolicyEngine engine, ViolationFeed feed)
    {
        try
        {
            var rows = new Dictionary<(TableName Table, Row Row), Row>();   // as they were published: the explanation of a violation may change while it stays
            await foreach (var update in engine.WatchViolations(feed.Stopped).ConfigureAwait(false))
            {
                lock (_telling)
                {
                    if (feed.IsOver)
                    {
                        return;
                    }

                    Tell(update, rows);
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
        {
            // Nobody follows the table any more, or the engine has ended.
        }
        catch (PolicyException)
        {
            await TryLaterAsync(feed).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            Fail(new(EngineMethods.ViolationsTable, exception, exception.Message));
        }
    }

    private void Tell(ViolationUpdate update, Dictionary<(TableName Table, Row Row), Row> rows)
    {
        var (inserted, deleted) = (new List<Row>(), new List<Row>());
        if (update.IsSnapshot)
        {
            rows.Clear();
        }

        foreach (var violation in update.Cleared)
        {
            if (rows.Remove((violation.Table, violation.Row), out var told))
            {
                deleted.Add(told);
            }
        }

        foreach (var violation in update.Appeared)
        {
            if (rows.TryGetValue((violation.Table, violation.Row), out var told))
            {
                deleted.Add(told);
            }

            inserted.Add(rows[(violation.Table, violation.Row)] = RowOf(violation));
        }

        if (update.IsSnapshot)
        {
            Publish(EngineMethods.ViolationsTable, inserted);
        }
        else
        {
            Publish(EngineMethods.ViolationsTable, inserted, deleted);
        }
    }

    /// <summary>The violations cannot be found with the rules as they are: they are looked for again when the rules have changed.</summary>
    private async Task TryLaterAsync(ViolationFeed feed)
    {
        try
        {
            await PostAsync(_ =>
            {
                if (_published.TryGetValue(EngineMethods.ViolationsTable, out var current) && ReferenceEquals(current, feed))
                {
                    _published[EngineMethods.ViolationsTable] = null;
                }

                return ValueTask.CompletedTask;
            }).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is InvalidOperationException or OperationCanceledException)
        {
            // This life is over already.
        }
    }

    private static Row RowOf(Violation violation)
    {
        var fact = $"{violation.Table.Table}{violation.Row}";
        if (fact.Length > LongestFact)
        {
            fact = string.Create(CultureInfo.InvariantCulture, $"{fact.AsSpan(0, LongestFact)}... {violation.Row.GetHashCode():x8}");   // so that two of them stay two
        }

        var message = violation.Message is { Length: > LongestMessage } text ? $"{text.AsSpan(0, LongestMessage)}..." : violation.Message;
        return new(Value.Of(violation.Table.Policy), Value.Of(violation.Table.Table), Value.Of(fact), Value.Of(violation.Severity), message is null ? Value.Null : Value.Of(message));
    }

    /// <summary>One time that the table is published, from its first subscriber to its last.</summary>
    private sealed class ViolationFeed : IDisposable
    {
        private readonly Lock _telling;
        private readonly CancellationTokenSource _stop = new();

        public ViolationFeed(Lock telling) => (_telling, Stopped) = (telling, _stop.Token);

        public CancellationToken Stopped { get; }

        /// <summary>Whether nothing may be published any more; asked under the lock.</summary>
        public bool IsOver { get; private set; }

        public void Dispose()
        {
            lock (_telling)
            {
                IsOver = true;
            }

            _stop.Cancel();
            _stop.Dispose();
        }
    }
}
