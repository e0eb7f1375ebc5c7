using Congress.Api;
using static Congress.Api.ApiJson;

namespace Congress.Cli.Server.Http;

/// <summary>What the system has.</summary>
internal static class SystemRoutes
{
    public static IEnumerable<Resource> Of(Apis api)
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
}
