using Congress.Policies.Serving;

namespace Congress.Api;

/// <summary>Tables of policies and their rows: <c>/v1/policies/POLICY/tables</c>.</summary>
/// <param name="calls">Calls the engines.</param>
public sealed class TablesApi(ApiCalls calls)
{
    private const int Attempts = 5;

    /// <summary>Lists the tables that the rules of a policy define and read.</summary>
    /// <exception cref="ApiException">There is no such policy.</exception>
    public async Task<Listing<TableResource>> ListAsync(string policy, long minVersion = 0, CancellationToken cancellationToken = default)
    {
        var answer = await calls.AskEngineAsync(EngineMethods.Tables, new(policy, minVersion), null, cancellationToken).ConfigureAwait(false);
        return answer.Tables is { } tables ? new([.. tables.Select(t => new TableResource(t))]) { PolicyVersion = answer.Version } : throw new ApiException(ApiError.NotFound, "Not found");
    }

    /// <summary>Finds a table.</summary>
    /// <exception cref="ApiException">There is no such policy, or its rules know no such table.</exception>
    public async Task<TableResource> GetAsync(string policy, string table, long minVersion = 0, CancellationToken cancellationToken = default)
    {
        var answer = await ListAsync(policy, minVersion, cancellationToken).ConfigureAwait(false);
        return answer.Results.FirstOrDefault(t => t.Id == table) is { } found ? found with { PolicyVersion = answer.PolicyVersion } : throw new ApiException(ApiError.NotFound, "Not found");
    }

    /// <summary>Reads the rows of a table, all from one state.</summary>
    /// <param name="asked">Which rows.</param>
    /// <param name="cancellationToken">The caller has gone.</param>
    /// <exception cref="ApiException">There is no such table, or it changes faster than it can be read.</exception>
    public async Task<RowsResource> RowsAsync(RowsQuestion asked, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(asked);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var rows = new List<RowResource>();
            var first = await PartAsync(asked, cancellationToken).ConfigureAwait(false);
            for (var part = first; part.State == first.State && part.Version == first.Version;)
            {
                rows.AddRange(part.Rows!.Select(r => new RowResource(r)));
                if (part.IsAll || rows.Count >= asked.Limit)
                {
                    return new(rows) { Trace = first.Trace, PolicyVersion = first.Version };
                }

                part = await PartAsync(asked with { Offset = asked.Offset + rows.Count, Limit = asked.Limit - rows.Count, MinVersion = first.Version, WithTrace = false }, cancellationToken)
                    .ConfigureAwait(false);
            }
        }

        throw new ApiException(ApiError.Unavailable, $"table '{asked.Table}' is too large for one message, and changes faster than it can be read; ask for fewer rows with limit")
        {
            RetryAfter = TimeSpan.FromSeconds(1),
        };
    }

    private async Task<RowsAnswer> PartAsync(RowsQuestion asked, CancellationToken cancellationToken)
    {
        var answer = await calls.AskEngineAsync(EngineMethods.Rows, asked, null, cancellationToken).ConfigureAwait(false);
        return answer.Rows is not null ? answer : throw new ApiException(ApiError.NotFoundThere, $"table '{asked.Table}' doesn't exist");
    }
}
