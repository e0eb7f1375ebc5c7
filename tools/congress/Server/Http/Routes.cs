using Congress.Api;
using Congress.Policies.Serving;
using static Congress.Api.ApiJson;

namespace Congress.Cli.Server.Http;

/// <summary>What may be done with one resource: a handler for each method.</summary>
/// <param name="Pattern">Its path, with the names of its variable parts in braces.</param>
/// <param name="IsElement">Whether it is one thing and no list: what is posted to it asks for an action.</param>
internal sealed record Resource(string Pattern, bool IsElement = false)
{
    public Endpoint? Get { get; init; }

    public Endpoint? Post { get; init; }

    public Endpoint? Put { get; init; }

    public Endpoint? Patch { get; init; }

    public Endpoint? Delete { get; init; }

    /// <summary>The methods that it has.</summary>
    public IEnumerable<(string Method, Endpoint Endpoint)> Endpoints =>
        new[] { ("GET", Get), ("POST", Post), ("PUT", Put), ("PATCH", Patch), ("DELETE", Delete) }.Where(e => e.Item2 is not null).Select(e => (e.Item1, e.Item2!));
}

/// <summary>A method of a resource.</summary>
/// <param name="Summary">What it does, for the OpenAPI document.</param>
/// <param name="Role">Who may call it.</param>
/// <param name="AnswerAsync">Does it.</param>
internal sealed record Endpoint(string Summary, Role Role, Func<ApiContext, Task> AnswerAsync);

/// <summary>All routes of the API.</summary>
internal static class Routes
{
    public static IReadOnlyList<Resource> Of(Apis api) => [.. Policies(api), .. Rules(api), .. Tables(api), .. Datasources(api), .. Library(api), .. Actions(api), .. System(api)];

    private static IEnumerable<Resource> Policies(Apis api)
    {
        yield return new("/v1/policies")
        {
            Get = new("Lists all policies.", Role.Reader, async c => await c.AnswerAsync(await api.Policies.ListAsync(c.MinVersion, c.Gone), Default.ListingPolicyResource)),
            Post = new("Creates a policy, with rules or without; from the library with library_policy.", Role.Author, async c =>
            {
                var body = await c.ReadBodyAsync();
                var policy = c.Query("library_policy") is { } library
                    ? await api.Policies.CreateFromLibraryAsync(library, body, c.RequestId, c.Gone)
                    : await api.Policies.CreateAsync(body, c.RequestId, c.Gone);
                await c.CreatedAsync(policy, Default.PolicyResource, $"/v1/policies/{policy.Id}");
            }),
        };
        yield return new("/v1/policies/{policy}")
        {
            Get = new("Shows a policy.", Role.Reader, async c => await c.AnswerAsync(await api.Policies.GetAsync(c.Path("policy"), c.MinVersion, c.Gone), Default.PolicyResource)),
            Delete = new("Deletes a policy with its rules.", Role.Author,
                async c => await c.AnswerAsync(await api.Policies.DeleteAsync(c.Path("policy"), c.RequestId, c.Gone), Default.PolicyResource)),
            Post = new("Answers what would be (action=simulate), previews a change (action=preview), or acts (action=execute).", Role.Reader, c => ActionOf(c) switch
            {
                "simulate" => SimulateAsync(api, c),
                "preview" => PreviewAsync(api, c),
                "execute" => ExecuteAsync(c, body => api.Actions.ExecuteAsync(body, c.RequestId, c.Gone)),
                _ => throw new ApiException(ApiError.NoMethod),
            }),
        };
        yield return new("/v1/policies/{policy}/status", IsElement: true)
        {
            Get = new("Tells how a policy is.", Role.Reader, async c => await c.AnswerAsync(await api.Status.PolicyAsync(c.Path("policy"), c.Gone), Default.PolicyStatusResource)),
        };
        yield return new("/v1/policies/{policy}/violations")
        {
            Get = new("Lists the violations of a policy.", Role.Reader,
                async c => await c.AnswerAsync(await api.Status.ViolationsAsync(c.Path("policy"), c.Number("limit", 1000, 0, 10_000), c.Gone), Default.ViolationsAnswer)),
        };
        yield return new("/v1/violations")
        {
            Get = new("Lists all violations.", Role.Reader,
                async c => await c.AnswerAsync(await api.Status.ViolationsAsync(null, c.Number("limit", 1000, 0, 10_000), c.Gone), Default.ViolationsAnswer)),
        };
    }

    private static IEnumerable<Resource> Rules(Apis api)
    {
        yield return new("/v1/policies/{policy}/rules")
        {
            Get = new("Lists the rules of a policy.", Role.Reader, async c => await c.AnswerAsync(await api.Rules.ListAsync(c.Path("policy"), c.MinVersion, c.Gone), Default.ListingRuleResource)),
            Post = new("Inserts a rule.", Role.Author, async c =>
            {
                var rule = await api.Rules.InsertAsync(c.Path("policy"), await c.ReadBodyAsync(), c.RequestId, c.Gone);
                await c.CreatedAsync(rule, Default.RuleResource, $"/v1/policies/{c.Path("policy")}/rules/{rule.Id}");
            }),
        };
        yield return new("/v1/policies/{policy}/rules/{rule}", IsElement: true)
        {
            Get = new("Shows a rule.", Role.Reader, async c => await c.AnswerAsync(await api.Rules.GetAsync(c.Path("policy"), c.Path("rule"), c.MinVersion, c.Gone), Default.RuleResource)),
            Delete = new("Deletes a rule.", Role.Author,
                async c => await c.AnswerAsync(await api.Rules.DeleteAsync(c.Path("policy"), c.Path("rule"), c.RequestId, c.Gone), Default.RuleResource)),
        };
        yield return new("/v1/policies/{policy}/rules/{rule}/status", IsElement: true)
        {
            Get = new("Tells how a rule is.", Role.Reader,
                async c => await c.AnswerAsync(await api.Status.RuleAsync(c.Path("policy"), c.Path("rule"), c.Gone), Default.RuleStatusResource)),
        };
    }

    private static IEnumerable<Resource> Tables(Apis api)
    {
        yield return new("/v1/policies/{policy}/tables")
        {
            Get = new("Lists the tables that the rules of a policy define and read.", Role.Reader,
                async c => await c.AnswerAsync(await api.Tables.ListAsync(c.Path("policy"), c.MinVersion, c.Gone), Default.ListingTableResource)),
        };
        yield return new("/v1/policies/{policy}/tables/{table}", IsElement: true)
        {
            Get = new("Shows a table.", Role.Reader,
                async c => await c.AnswerAsync(await api.Tables.GetAsync(c.Path("policy"), c.Path("table"), c.MinVersion, c.Gone), Default.TableResource)),
        };
        yield return new("/v1/policies/{policy}/tables/{table}/rows")
        {
            Get = new("Reads a table: limit, offset and where=column:value choose rows, trace=true tells how it is derived.", Role.Reader, async c => await c.AnswerAsync(
                await api.Tables.RowsAsync(new(c.Path("policy"), c.Path("table"), c.Number("offset", 0, 0, int.MaxValue), c.Number("limit", long.MaxValue, 0, long.MaxValue),
                    WhereOf(c), string.Equals(c.Query("trace"), "true", StringComparison.OrdinalIgnoreCase), c.MinVersion), c.Gone), Default.RowsResource)),
            Put = new("Is refused: the rows of policies are derived.", Role.Author,
                _ => throw new ApiException(ApiError.BadInput, "Method replace_entire_table_data not supported for datasource __engine")),
        };
        yield return new("/v1/policies/{policy}/tables/{table}/rows/{row}");
    }

    private static IEnumerable<Resource> Datasources(Apis api)
    {
        yield return new("/v1/data-sources")
        {
            Get = new("Lists the datasources.", Role.Reader, async c => await c.AnswerAsync(await api.Datasources.ListAsync(c.Gone), Default.ListingDatasourceResource)),
            Post = new("Creates a datasource.", Role.Operator, async c =>
            {
                var datasource = await api.Datasources.CreateAsync(await c.ReadBodyAsync(), c.RequestId, c.Gone);
                await c.CreatedAsync(datasource, Default.DatasourceResource, $"/v1/data-sources/{datasource.Id}");
            }),
        };
        yield return new("/v1/data-sources/{datasource}")
        {
            Get = new("Shows a datasource, its secrets hidden.", Role.Reader, async c => await c.AnswerAsync(await api.Datasources.GetAsync(c.Path("datasource"), c.Gone), Default.DatasourceResource)),
            Put = new("Changes a datasource: description, enabled, config, name, driver.", Role.Operator, c => UpdateAsync(api, c)),
            Patch = new("Changes a datasource: description, enabled, config, name, driver.", Role.Operator, c => UpdateAsync(api, c)),
            Delete = new("Deletes a datasource.", Role.Operator, async c =>
            {
                await api.Datasources.DeleteAsync(c.Path("datasource"), c.RequestId, c.Gone);
                await c.AnswerAsync("null");
            }),
            Post = new("Reads a datasource at once (action=request-refresh), or acts (action=execute).", Role.Operator, c => ActionOf(c) switch
            {
                "request-refresh" => RefreshAsync(api, c),
                "execute" => ExecuteAsync(c, body => api.Actions.ExecuteAsync(c.Path("datasource"), body, c.RequestId, c.Gone)),
                _ => throw new ApiException(ApiError.NoMethod),
            }),
        };
        yield return new("/v1/data-sources/{datasource}/status", IsElement: true)
        {
            Get = new("Tells how a datasource is.", Role.Reader,
                async c => await c.AnswerAsync(await api.Datasources.StatusAsync(c.Path("datasource"), c.Gone), Default.DatasourceStatusResource)),
        };
        yield return new("/v1/data-sources/{datasource}/schema", IsElement: true)
        {
            Get = new("Shows the tables of a datasource with their columns.", Role.Reader,
                async c => await c.AnswerAsync(await api.Datasources.SchemaAsync(c.Path("datasource"), c.Gone), Default.SchemaResource)),
        };
        yield return new("/v1/data-sources/{datasource}/actions")
        {
            Get = new("Lists the actions of a datasource.", Role.Reader,
                async c => await c.AnswerAsync(await api.Datasources.ActionsAsync(c.Path("datasource"), c.Gone), Default.ListingActionResource)),
        };
        yield return new("/v1/data-sources/{datasource}/tables")
        {
            Get = new("Lists the tables of a datasource.", Role.Reader,
                async c => await c.AnswerAsync(await api.Datasources.TablesAsync(c.Path("datasource"), c.Gone), Default.ListingTableResource)),
        };
        yield return new("/v1/data-sources/{datasource}/tables/{table}", IsElement: true)
        {
            Get = new("Shows a table of a datasource.", Role.Reader,
                async c => await c.AnswerAsync(await api.Datasources.TableAsync(c.Path("datasource"), c.Path("table"), c.Gone), Default.TableResource)),
        };
        yield return new("/v1/data-sources/{datasource}/tables/{table}/spec", IsElement: true)
        {
            Get = new("Shows the columns of a table.", Role.Reader,
                async c => await c.AnswerAsync(await api.Datasources.SpecAsync(c.Path("datasource"), c.Path("table"), c.Gone), Default.TableSpecResource)),
        };
        yield return new("/v1/data-sources/{datasource}/tables/{table}/rows")
        {
            Get = new("Reads a table as the datasource has it; limit and offset choose rows.", Role.Reader, async c => await c.AnswerAsync(
                await api.Datasources.RowsAsync(
                    c.Path("datasource"), c.Path("table"), c.Number("offset", 0, 0, int.MaxValue), c.Number("limit", long.MaxValue, 0, long.MaxValue), c.Gone), Default.RowsResource)),
            Put = new("Replaces the rows of a table.", Role.Operator, async c =>
            {
                await api.Datasources.PushAsync(c.Path("datasource"), c.Path("table"), await c.ReadBodyAsync(), c.Gone);
                await c.AnswerAsync("");
            }),
        };
        yield return new("/v1/data-sources/{datasource}/tables/{table}/rows/{row}");
        yield return new("/v1/data-sources/{datasource}/webhook") { Post = Webhook(api) };
        yield return new("/v1/data-sources/{datasource}/tables/{table}/webhook") { Post = Webhook(api) };
    }

    private static IEnumerable<Resource> Library(Apis api)
    {
        yield return new("/v1/librarypolicies")
        {
            Get = new("Lists the policies of the library; name finds one, include_rules=false leaves out the rules.", Role.Reader, async c => await c.AnswerAsync(
                await api.Library.ListAsync(c.Query("name"), !string.Equals(c.Query("include_rules"), "false", StringComparison.OrdinalIgnoreCase), c.Gone), Default.ListingLibraryResource)),
            Post = new("Adds a policy to the library.", Role.Author, async c =>
            {
                var policy = await api.Library.CreateAsync(await c.ReadBodyAsync(), c.RequestId, c.Gone);
                await c.CreatedAsync(policy, Default.LibraryResource, $"/v1/librarypolicies/{policy.Id}");
            }),
        };
        yield return new("/v1/librarypolicies/{policy}", IsElement: true)
        {
            Get = new("Shows a policy of the library.", Role.Reader, async c => await c.AnswerAsync(await api.Library.GetAsync(c.Path("policy"), c.Gone), Default.LibraryResource)),
            Put = new("Replaces a policy of the library.", Role.Author, async c => await c.AnswerAsync(
                await api.Library.ReplaceAsync(c.Path("policy"), await c.ReadBodyAsync(), c.RequestId, c.Gone), Default.LibraryResource)),
            Delete = new("Deletes a policy of the library.", Role.Author,
                async c => await c.AnswerAsync(await api.Library.DeleteAsync(c.Path("policy"), c.RequestId, c.Gone), Default.LibraryResource)),
        };
    }

    private static IEnumerable<Resource> Actions(Apis api)
    {
        yield return new("/v1/actions")
        {
            Get = new("Lists the actions that rules and people have asked for, newest first; state and limit choose.", Role.Reader,
                async c => await c.AnswerAsync(await api.Actions.ListAsync(c.Query("state"), (int)c.Number("limit", 1000, 0, 10_000), c.Gone), Default.ListingOccurrence)),
        };
        yield return new("/v1/actions/{id}", IsElement: true)
        {
            Post = new("Approves (action=approve) or rejects (action=reject) an action that waits.", Role.Operator, async c => await c.AnswerAsync(
                await api.Actions.DecideAsync(c.Path("id"), ActionOf(c) switch
                {
                    "approve" => true,
                    "reject" => false,
                    _ => throw new ApiException(ApiError.NoMethod),
                }, "a request", c.Gone), Default.Occurrence)),
        };
    }

    private static IEnumerable<Resource> System(Apis api)
    {
        yield return new("/v1/system/drivers")
        {
            Get = new("Lists the drivers.", Role.Reader, async c => await c.AnswerAsync(await api.Drivers.ListAsync(c.Gone), Default.ListingDriverResource)),
        };
        yield return new("/v1/system/drivers/{driver}", IsElement: true)
        {
            Get = new("Shows a driver: its options and tables.", Role.Reader, async c => await c.AnswerAsync(await api.Drivers.GetAsync(c.Path("driver"), c.Gone), Default.DriverDetailResource)),
        };
    }

    private static Endpoint Webhook(Apis api) => new("Gives a datasource a message of its system.", Role.Operator, async c =>
    {
        await api.Datasources.ReceiveAsync(c.Path("datasource"), await c.ReadBodyAsync(), c.Gone);
        await c.AnswerAsync("");
    });

    /// <summary>The action that is asked for.</summary>
    /// <exception cref="ApiException">There is none, or several.</exception>
    public static string ActionOf(ApiContext context) => context.Http.Request.Query["action"] switch
    {
        { Count: 0 } => throw new ApiException(ApiError.BadRequest, "Missing required action parameter."),
        { Count: > 1 } => throw new ApiException(ApiError.BadRequest, "Action parameter may not be provided multiple times."),
        var action => action[0]!.Replace('_', '-'),
    };

    private static async Task SimulateAsync(Apis api, ApiContext c) => await c.AnswerAsync(
        await api.WhatIf.SimulateAsync(c.Path("policy"), await c.ReadAnyBodyAsync(), IsSet(c.Query("delta")), IsSet(c.Query("trace")), c.Gone), Default.SimulationResource);

    private static async Task PreviewAsync(Apis api, ApiContext c) =>
        await c.AnswerAsync(await api.WhatIf.PreviewAsync(c.Path("policy"), await c.ReadAnyBodyAsync(), c.Gone), Default.WhatIfAnswer);

    private static async Task ExecuteAsync(ApiContext c, Func<ApiBody, Task> execute)
    {
        c.Require(Role.Operator);
        await execute(await c.ReadAnyBodyAsync());
        await c.AnswerAsync("{}");
    }

    private static async Task RefreshAsync(Apis api, ApiContext c)
    {
        await api.Datasources.RefreshAsync(c.Path("datasource"), c.Gone);
        await c.AnswerAsync("null");
    }

    private static async Task UpdateAsync(Apis api, ApiContext c) => await c.AnswerAsync(
        await api.Datasources.UpdateAsync(c.Path("datasource"), await c.ReadBodyAsync(), c.RequestId, c.Gone), Default.DatasourceResource);

    private static bool IsSet(string? flag) => flag == "1" || string.Equals(flag, "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>The conditions on columns: <c>where=column:value</c>, each as often as there are columns. A value that is JSON is what it says, any other a text.</summary>
    private static Dictionary<string, Data.Value>? WhereOf(ApiContext context)
    {
        var conditions = new Dictionary<string, Data.Value>(StringComparer.Ordinal);
        foreach (var condition in context.Http.Request.Query["where"])
        {
            if (condition!.Split(':', 2) is not [var column, var value])
            {
                throw new ApiException(ApiError.BadRequest, $"'where' is '{condition}'; expected column:value");
            }

            if (!conditions.TryAdd(column, ValueOf(value)))
            {
                throw new ApiException(ApiError.BadRequest, $"'where' has column '{column}' twice; expected each once");
            }
        }

        return conditions.Count == 0 ? null : conditions;
    }

    private static Data.Value ValueOf(string text)
    {
        try
        {
            using var json = global::System.Text.Json.JsonDocument.Parse(text);
            return ApiBody.ValueOf(json.RootElement, "where");
        }
        catch (global::System.Text.Json.JsonException)
        {
            return Data.Value.Of(text);
        }
    }
}
