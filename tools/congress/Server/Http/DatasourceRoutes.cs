using Congress.Api;
using static Congress.Api.ApiJson;

namespace Congress.Cli.Server.Http;

/// <summary>Datasources: what they are, their tables, and what is given to them.</summary>
internal static class DatasourceRoutes
{
    public static IEnumerable<Resource> Of(Apis api)
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
            Post = new("Reads a datasource at once (action=request-refresh), or acts (action=execute).", Role.Operator, c => Routes.ActionOf(c) switch
            {
                "request-refresh" => RefreshAsync(api, c),
                "execute" => ActionRoutes.ExecuteAsync(c, body => api.Actions.ExecuteAsync(c.Path("datasource"), body, c.RequestId, c.Asker.Name, c.Gone)),
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

    private static Endpoint Webhook(Apis api) => new("Gives a datasource a message of its system.", Role.Operator, async c =>
    {
        await api.Datasources.ReceiveAsync(c.Path("datasource"), await c.ReadBodyAsync(), c.Gone);
        await c.AnswerAsync("");
    });

    private static async Task RefreshAsync(Apis api, ApiContext c)
    {
        await api.Datasources.RefreshAsync(c.Path("datasource"), c.Gone);
        await c.AnswerAsync("null");
    }

    private static async Task UpdateAsync(Apis api, ApiContext c) => await c.AnswerAsync(
        await api.Datasources.UpdateAsync(c.Path("datasource"), await c.ReadBodyAsync(), c.RequestId, c.Gone), Default.DatasourceResource);
}
