using System.Globalization;
using System.Text.Json;
using Congress.Datasources.Serving;

namespace Congress.Api;

/// <summary>Datasources: <c>/v1/data-sources</c>. Each is addressed by name or identity.</summary>
/// <param name="calls">Calls the service that keeps them, and the datasources themselves.</param>
public sealed class DatasourcesApi(ApiCalls calls)
{
    private const int Attempts = 5;

    /// <summary>Lists all datasources, their secrets hidden.</summary>
    public async Task<Listing<DatasourceResource>> ListAsync(CancellationToken cancellationToken = default) =>
        new([.. (await AllAsync(cancellationToken).ConfigureAwait(false)).Select(Of)]);

    /// <summary>Finds a datasource.</summary>
    /// <exception cref="ApiException">There is none.</exception>
    public async Task<DatasourceResource> GetAsync(string nameOrId, CancellationToken cancellationToken = default) =>
        await FindAsync(nameOrId, cancellationToken).ConfigureAwait(false) is { } found ? Of(found) : throw new ApiException(ApiError.NotFound, $"Datasource not found {nameOrId}");

    /// <summary>Creates a datasource.</summary>
    /// <param name="body">What it is.</param>
    /// <param name="requestId">What the request is known by; its identity, unless the body has one.</param>
    /// <param name="cancellationToken">The caller has gone.</param>
    /// <exception cref="ApiException">It makes no sense, or its name is taken.</exception>
    public async Task<DatasourceResource> CreateAsync(ApiBody body, string requestId, CancellationToken cancellationToken = default)
    {
        var request = RequestOf(body.Object(), body.Text("id") ?? requestId);
        if (request.Driver is null)
        {
            throw new ApiException(ApiError.BadRequest, "Invalid driver: 'driver' is missing; expected the name of a driver, as /v1/system/drivers lists them");
        }

        var created = await ChangeAsync(DatasourceMethods.Create, request, requestId, cancellationToken).ConfigureAwait(false);
        return Of(created) with { Config = request.Config ?? created.Config };   // as it came, which whoever sent it knows; nobody sees the secrets again
    }

    /// <summary>Changes a datasource: what the body has. It is not interrupted unless driver, name or configuration change.</summary>
    /// <exception cref="ApiException">There is none, or it would make no sense.</exception>
    public async Task<DatasourceResource> UpdateAsync(string nameOrId, ApiBody body, string requestId, CancellationToken cancellationToken = default) =>
        Of(await ChangeAsync(DatasourceMethods.Update, RequestOf(body.Object(), nameOrId), requestId, cancellationToken).ConfigureAwait(false));

    /// <summary>Deletes a datasource.</summary>
    /// <exception cref="ApiException">There is none.</exception>
    public Task DeleteAsync(string nameOrId, string requestId, CancellationToken cancellationToken = default) =>
        calls.AskAsync(DatasourceMethods.Service, DatasourceMethods.Delete, nameOrId, requestId, cancellationToken);

    /// <summary>How a datasource is.</summary>
    /// <exception cref="ApiException">There is none, or it does not run at the moment.</exception>
    public async Task<DatasourceStatusResource> StatusAsync(string nameOrId, CancellationToken cancellationToken = default)
    {
        DatasourceStatus status;
        try
        {
            status = await QuestionAsync(nameOrId, DatasourceMethods.Status, true, cancellationToken).ConfigureAwait(false);
        }
        catch (ApiException exception) when (exception.Error == ApiError.Unavailable)
        {
            // One that cannot run at all says why, here too.
            if (await FindAsync(nameOrId, cancellationToken).ConfigureAwait(false) is not { Problem: { } problem })
            {
                throw;
            }

            status = new(null, new Dictionary<string, string>(StringComparer.Ordinal) { ["start"] = problem }, 0, false, []);
        }

        return new(
            status.LastUpdated?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture) ?? "None",
            status.LastError.Count == 0 ? "None" : string.Join("; ", status.LastError.Select(e => $"{e.Key}: {e.Value}")),
            status.Updates.ToString(CultureInfo.InvariantCulture), status.IsInitialized ? "True" : "False", [], status.Subscribers);
    }

    /// <summary>The tables of a datasource with their columns.</summary>
    /// <exception cref="ApiException">There is none, or it does not run.</exception>
    public async Task<SchemaResource> SchemaAsync(string nameOrId, CancellationToken cancellationToken = default) =>
        new([.. (await QuestionAsync(nameOrId, DatasourceMethods.Schema, true, cancellationToken).ConfigureAwait(false)).Tables.Select(TableSpecResource.Of)]);

    /// <summary>The columns of a table.</summary>
    /// <exception cref="ApiException">There is no such datasource or table.</exception>
    public async Task<TableSpecResource> SpecAsync(string nameOrId, string table, CancellationToken cancellationToken = default) =>
        (await SchemaAsync(nameOrId, cancellationToken).ConfigureAwait(false)).Tables.FirstOrDefault(t => t.TableId == table)
        ?? throw new ApiException(ApiError.NotFound, $"Table '{table}' for datasource '{nameOrId}' has no schema ");

    /// <summary>The actions of a datasource.</summary>
    /// <exception cref="ApiException">There is no such datasource, or it does not run.</exception>
    public async Task<Listing<ActionResource>> ActionsAsync(string nameOrId, CancellationToken cancellationToken = default) =>
        new([.. (await QuestionAsync(nameOrId, DatasourceMethods.Schema, true, cancellationToken).ConfigureAwait(false)).Actions
            .Select(a => new ActionResource(a.Name, [.. a.Parameters.Select(p => new ActionArgument(p.Name, p.Description))], a.Description))]);

    /// <summary>The names of the tables.</summary>
    /// <exception cref="ApiException">There is no such datasource, or it does not run.</exception>
    public async Task<Listing<TableResource>> TablesAsync(string nameOrId, CancellationToken cancellationToken = default)
    {
        try
        {
            return new([.. (await SchemaAsync(nameOrId, cancellationToken).ConfigureAwait(false)).Tables.Select(t => new TableResource(t.TableId))]);
        }
        catch (ApiException exception) when (exception.Error.Number == 404)
        {
            throw new ApiException(ApiError.NotFoundThere, exception.Message, inner: exception);
        }
    }

    /// <summary>Finds a table.</summary>
    /// <exception cref="ApiException">There is no such datasource or table.</exception>
    public async Task<TableResource> TableAsync(string nameOrId, string table, CancellationToken cancellationToken = default) =>
        (await TablesAsync(nameOrId, cancellationToken).ConfigureAwait(false)).Results.FirstOrDefault(t => t.Id == table) ?? throw new ApiException(ApiError.NotFound, "Not found");

    /// <summary>Reads the rows of a table as the datasource has them, all from one state.</summary>
    /// <exception cref="ApiException">There is no such table, or it changes faster than it can be read.</exception>
    public async Task<RowsResource> RowsAsync(string nameOrId, string table, long offset, long limit, CancellationToken cancellationToken = default)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var rows = new List<RowResource>();
            var first = await PartAsync(offset, limit).ConfigureAwait(false);
            for (var part = first; part.State == first.State;)
            {
                rows.AddRange(part.Rows.Select(r => new RowResource(r)));
                if (part.IsAll || rows.Count >= limit)
                {
                    return new(rows);
                }

                part = await PartAsync(offset + rows.Count, limit - rows.Count).ConfigureAwait(false);
            }
        }

        throw new ApiException(ApiError.Unavailable, $"table '{table}' is too large for one message, and changes faster than it can be read; ask for fewer rows with limit")
        {
            RetryAfter = TimeSpan.FromSeconds(1),
        };

        async Task<DatasourceRowsAnswer> PartAsync(long at, long most)
        {
            try
            {
                return await QuestionAsync(nameOrId, DatasourceMethods.Rows, new(table, at, most), cancellationToken, isPrefixed: true).ConfigureAwait(false);
            }
            catch (ApiException exception) when (exception.Error == ApiError.NotFoundThere && exception.Message.Contains(" has no table ", StringComparison.Ordinal))
            {
                throw new ApiException(ApiError.NotFoundThere, $"tablename '{table}' does not exist'", inner: exception);
            }
        }
    }

    /// <summary>Replaces the rows of a table.</summary>
    /// <exception cref="ApiException">There is no such table, it cannot be pushed, or the rows make no sense.</exception>
    public async Task PushAsync(string nameOrId, string table, ApiBody body, CancellationToken cancellationToken = default)
    {
        try
        {
            await AskAsync(nameOrId, DatasourceMethods.Push, new(table, body.Json), cancellationToken).ConfigureAwait(false);
        }
        catch (ApiException exception) when (exception.Error == ApiError.NotFoundThere && exception.Message.Contains(" has no table ", StringComparison.Ordinal))
        {
            throw new ApiException(ApiError.BadInput, $"translator: {table} is not in the datasource driver", inner: exception);
        }
    }

    /// <summary>Gives a datasource a message of its system.</summary>
    /// <exception cref="ApiException">There is no such datasource, or the message makes no sense to it.</exception>
    public Task ReceiveAsync(string nameOrId, ApiBody body, CancellationToken cancellationToken = default) =>
        AskAsync(nameOrId, DatasourceMethods.Webhook, new("", body.Json), cancellationToken);

    /// <summary>Has a datasource read at once, and waits for the end.</summary>
    /// <exception cref="ApiException">There is no such datasource, or the reading failed.</exception>
    public Task RefreshAsync(string nameOrId, CancellationToken cancellationToken = default) =>
        AskAsync(nameOrId, DatasourceMethods.Refresh, true, cancellationToken);

    /// <summary>Asks a datasource what changes nothing.</summary>
    private Task<TResult> QuestionAsync<TRequest, TResult>(
        string nameOrId, Bus.ServiceMethod<TRequest, TResult> method, TRequest request, CancellationToken cancellationToken, bool isPrefixed = false) =>
        CallAsync(nameOrId, name => calls.QuestionAsync(name, method, request, cancellationToken), isPrefixed, cancellationToken);

    /// <summary>Asks a datasource to do something.</summary>
    private Task<TResult> AskAsync<TRequest, TResult>(string nameOrId, Bus.ServiceMethod<TRequest, TResult> method, TRequest request, CancellationToken cancellationToken) =>
        CallAsync(nameOrId, name => calls.AskAsync(name, method, request, null, cancellationToken), isPrefixed: true, cancellationToken);

    /// <summary>Calls a datasource, by name or, when no service has that name, by identity.</summary>
    private async Task<TResult> CallAsync<TResult>(string nameOrId, Func<string, Task<TResult>> call, bool isPrefixed, CancellationToken cancellationToken)
    {
        var isName = nameOrId.Length is > 0 and <= 128 && nameOrId[0] != '_' && !nameOrId.Contains(':', StringComparison.Ordinal);
        try
        {
            return isName ? await call(nameOrId).ConfigureAwait(false) : throw NotFound(null);
        }
        catch (ApiException exception) when (!isName || (exception.Error == ApiError.NotFoundThere && exception.InnerException is Bus.ServiceNotFoundException))
        {
            if (await FindAsync(nameOrId, cancellationToken).ConfigureAwait(false) is not { } found)
            {
                throw NotFound(exception);
            }

            if (found.Name == nameOrId)
            {
                throw found.IsEnabled
                    ? new ApiException(ApiError.Unavailable, found.Problem is { } problem ? $"datasource {nameOrId} cannot run: {problem}" : $"datasource {nameOrId} does not run at the moment", inner: exception) { RetryAfter = TimeSpan.FromSeconds(1) }
                    : new ApiException(ApiError.Conflict, $"datasource {nameOrId} is disabled", inner: exception);
            }

            return await CallAsync(found.Name, call, isPrefixed, cancellationToken).ConfigureAwait(false);
        }

        ApiException NotFound(Exception? inner) => new(isPrefixed ? ApiError.NotFoundThere : ApiError.NotFound, $"service '{nameOrId}' could not be found", inner: inner);
    }

    private static DatasourceResource Of(DatasourceAnswer datasource) =>
        new(datasource.Id, datasource.Name, datasource.Driver, datasource.Description, null, datasource.IsEnabled, datasource.Config);

    private static DatasourceRequest RequestOf(ApiBody body, string id)
    {
        IReadOnlyDictionary<string, JsonElement>? config = body.Find("config") switch
        {
            null or { ValueKind: JsonValueKind.Null } => null,
            { ValueKind: JsonValueKind.Object } value => ApiBody.MembersOf(value).ToDictionary(o => o.Name, o => o.Value, StringComparer.Ordinal),
            var value => throw ApiBody.Wrong("config", "an object", value.Value),
        };
        return new(id, body.Text("name"), body.Text("driver"), body.Text("description"), body.Flag("enabled"), config);
    }

    private async Task<DatasourceAnswer> ChangeAsync(
        Bus.ServiceMethod<DatasourceRequest, DatasourceAnswer> method, DatasourceRequest request, string requestId, CancellationToken cancellationToken)
    {
        try
        {
            return await calls.AskAsync(DatasourceMethods.Service, method, request, requestId, cancellationToken).ConfigureAwait(false);
        }
        catch (ApiException exception) when (exception.Error == ApiError.BadInput)
        {
            throw new ApiException(ApiError.BadRequest, exception.Message[(ApiError.BadInput.Description!.Length + 2)..], inner: exception);
        }
    }

    private Task<IReadOnlyList<DatasourceAnswer>> AllAsync(CancellationToken cancellationToken) =>
        calls.QuestionAsync(DatasourceMethods.Service, DatasourceMethods.List, true, cancellationToken);

    private async Task<DatasourceAnswer?> FindAsync(string nameOrId, CancellationToken cancellationToken)
    {
        var all = await AllAsync(cancellationToken).ConfigureAwait(false);
        return all.FirstOrDefault(d => d.Name == nameOrId) ?? all.FirstOrDefault(d => d.Id == nameOrId);
    }
}
