"""Every fault code: its meaning and its remedy, in Chinese and in English."""

from __future__ import annotations

from dataclasses import dataclass

OSM_PREFIX = "osm-"
"""Prefix of the codes of problems of OpenStreetMap data, see `layers.osm.problems.KINDS`."""


@dataclass(frozen=True)
class Code:
    """The meaning and the remedy of a fault code.

    Attributes
    ----------
    zh, en
        The meaning.
    mend_zh, mend_en
        The remedy.
    """

    zh: str
    en: str
    mend_zh: str
    mend_en: str


_TEXT = """
file-missing | 文件不存在 | a file that the study names is not there | 检查文件名与路径，或放回文件 | check its name and path, or put the file there
file-unreadable | 文件无法读取 | a file cannot be read: damaged, cut off, in another format or encoding | 重新导出或重新复制文件，编码用 UTF-8 | export or copy it again; texts are UTF-8
file-empty | 文件没有内容 | a file without a feature or row | 补充要素或行，或从 study.toml 删去 | add features or rows, or take the file out of study.toml
file-too-large | 文件过大 | a file, or what a zip unpacks to, is larger than the limit | 裁剪到研究范围；确认压缩包来源可靠 | cut it to the study area; make sure where the zip comes from
file-unsafe | 压缩包内路径不安全 | a zip holds a name that leads out of its folder | 不要使用；重新打包 | do not use it; pack it again
file-kind-unknown | 文件类型不支持 | the ending of a file's name is not one that is read | 转换为所列格式之一 | convert it to one of the formats named
path-outside-study | 路径超出研究文件夹 | a path, or a link, leads out of the study folder | 把文件复制到研究文件夹内 | copy the file into the study folder
study-empty | study.toml 为空 | study.toml says nothing | 用 scicity init 新建研究 | make a study with scicity init
key-unknown | 未知的键或列 | a key or column that nothing is known by | 按提示改名，或删去 | rename it as suggested, or take it away
key-missing | 缺少必填值 | a value that must be there is missing | 补填该值 | fill it in
column-missing | 缺少必需的列 | a column that must be there is missing | 补充该列，或改正列名 | add the column, or mend its name
value-wrong-type | 值的类型不对 | a value is of another kind: text for a number, a number for a list | 按允许的类型填写 | write it as the allowed kind
value-out-of-range | 值超出范围 | a number outside its range, or none (NaN, infinite) | 改到允许范围内，注意单位 | bring it into the range; mind the unit
value-unknown | 值不在允许的列表中 | a word that is none of those allowed | 用列出的词之一 | use one of the words listed
id-duplicate | 编号重复 | an id stands twice | 改为唯一编号 | make ids unique
id-unknown | 编号不存在 | an id names what does not exist | 改正编号，或补充所指要素 | mend the id, or add what it names
crs-wrong | 坐标系不对 | coordinates or a coordinate system that cannot be right here | 以 EPSG:4326（经度在前）导出；study.toml 用以米为单位的投影坐标系 | export as EPSG:4326, longitude first; study.toml wants a projected system in metres
crs-missing | 没有坐标系 | a raster, a Shapefile, a GeoPackage or a table in metres names no coordinate system | 写入坐标系，或在 [datums] 声明 | give it one, in QGIS: Assign Projection; or declare it in [datums]
datum-unknown | 未知的坐标基准 | a datum that nothing is known by | 用 wgs84、cgcs2000、gcj02、bd09 或 EPSG 代码 | use wgs84, cgcs2000, gcj02, bd09 or an EPSG code
datum-unfit | 坐标基准不适用 | a datum that this file cannot have | 按提示修改 [datums] | mend [datums] as the message says
datum-inaccurate | 坐标转换精度不足 | the way to WGS 84 is not known to a metre | 请测绘部门先转换到 CGCS2000 | let surveyors transform it to CGCS2000 first
datum-suspect | 疑似未声明的偏移坐标 | a layer lies on the roads much better if taken for GCJ-02 or BD-09 | 核实来源，并在 [datums] 声明 | ask where it comes from, and declare it in [datums]
layer-unclear | 图层不明 | a GeoPackage without a layer of geometries, or with several | 只留一个图层 | leave one layer in it
file-doubtful | 文件存疑 | GDAL complains of a file that it reads | 核对内容，或重新导出 | look at it, or export it again
encoding-gbk | 文本为 GBK 编码 | a text that is GBK (GB 18030) and not UTF-8 | 核对名称；最好存为 UTF-8 | look at the names; better save it as UTF-8
geometry-wrong-type | 几何类型不对 | the feature is another kind of geometry, or none | 改为允许的类型 | draw it as an allowed kind
geometry-broken | 几何坐标有误 | coordinates that make no geometry: empty, too few, no numbers | 重新绘制该要素 | draw the feature again
geometry-unclosed | 多边形未闭合 | a ring does not end where it starts | 闭合多边形 | close the ring
geometry-invalid | 几何无效 | a polygon that crosses itself or is otherwise invalid | 在 QGIS 中“修复几何图形” | in QGIS: Fix Geometries
geometry-mixed | 点与面混用 | points and polygons in one file of counts | 分成两个文件 | make two files of it
areas-not-a-coverage | 片区重叠或有缝隙 | planning areas overlap or leave a gap | 让相邻片区共用边界 | let neighbours share their edges
raster-bands | 栅格波段数不是一 | a raster has more than one band | 只导出一个波段 | export one band
raster-not-placed | 栅格没有位置 | a raster does not say where it lies | 用带地理参考的 GeoTIFF | use a georeferenced GeoTIFF
raster-elsewhere | 栅格不在研究范围 | a raster does not reach the study area | 换用研究范围的栅格，或检查坐标系 | use one of the study area, or check its system
raster-too-small | 栅格未覆盖全部范围 | a raster covers only part of the study area | 换用更大的栅格 | use a larger one
rasterio-missing | 缺少 rasterio | GeoTIFF needs a package that is not installed | pip install "scicity[raster]" | pip install "scicity[raster]"
counts-empty | 研究范围内没有数 | none of a layer's counts lie in the study area | 检查位置与坐标系 | check where it lies, and its system
counts-outside | 不少数在范围之外 | much of a layer's counts lie outside and are in no zone | 裁剪图层，或扩大片区 | cut the layer, or widen the areas
total-not-kept | 总数不守恒 | zones do not hold what lies in the study area | 请报告此问题并附数据 | report this with the data
road-not-joined | 道路端点与节点不符 | a road does not end at its node | 把端点捕捉到节点 | snap its end to the node
portal-too-far | 洞口离路太远 | a tunnel's portal, or a project as a whole, finds no road within portal_snap_m | 重画洞口，或提高 portal_snap_m | draw the end again, or raise portal_snap_m
end-not-joined | 道路端点悬空 | an end of a planned road joins nothing | 延伸到道路，或加地点 | lead it to a road, or set a place there
zones-off-network | 居民不在路网上 | people live in zones that no street is near to: they reach only themselves | 补充道路，或提高 snap_limit_m | add the streets there, or raise snap_limit_m
far-from-network | 离路网太远 | a place or stop is beyond snap_limit_m from any road: it has no times | 检查位置，或提高 snap_limit_m | check where it is, or raise snap_limit_m
project-misnamed | 项目编号与文件名不符 | project_id is not the file's name | 改文件名或 project_id | rename the file or mend project_id
project-contradicts-itself | 同一项目属性不一致 | features of one project differ in what should be said once | 统一各要素的属性 | say the same on all features
requires-missing | 缺少前置项目 | a scenario has a project without, or before, what it requires | 按提示加入前置项目 | add what it requires, before it
requires-cycle | 前置项目循环 | projects require each other in a circle | 删去其中一个 requires | take one of the requires away
scenario-unclear | 情景定义不明 | a scenario is not named in exactly one way | 只用 projects、clauses、open_by 之一 | use one of projects, clauses, open_by
opportunity-unclear | 机会定义不明 | an opportunity is neither places, points nor a file | 按提示填写 | write it as the hint says
hops-do-not-fit | 站数与站间数不符 | a route does not have one hop fewer than stops | 补齐 hop_secs 或 stop_ids | mend hop_secs or stop_ids
station-out-of-order | 站序可疑 | a stop makes a route go far out of its way and back: an error if it fits much better elsewhere in the route or cannot be reached in time, else a warning | 检查站序与坐标 | check the order and the coordinates
hop-too-fast | 站间速度不可能 | no vehicle of the kind is as quick from stop to stop | 检查坐标与 hop_secs（单位为秒） | check the coordinates, and hop_secs: they are seconds
line-doubled | 线路重复 | OpenStreetMap has a line that a transit file of the study has too | 无需处理；或在 [osm] 的 routes 只列所需方式 | nothing to do, or name in routes of [osm] only the modes that OpenStreetMap is to give
line-too-slow | 线路比步行还慢 | along the stops of a line one is quicker on foot | 检查坐标与 hop_secs（单位为秒） | check the coordinates, and hop_secs: they are seconds
stop-moved | 同名站点相距太远 | one stop_id stands at two places | 改编号，或改坐标 | rename one, or mend the coordinates
stop-unplaced | 站点没有坐标 | a stop has no coordinates | 补坐标，或 repair_stops = true | add them, or repair_stops = true
stop-jump | 站点位置可疑 | no bus can be at a stop in time | 检查坐标，或 repair_stops = true | check its coordinates, or repair_stops = true
shape-off-stops | 线形不经过车站 | a shape of a feed is not the way of its trips: it passes their stops far away, or runs against them | 检查 trips.txt 的 shape_id | check shape_id in trips.txt
service-empty | 工作日无班次 | a feed in which nothing runs on a weekday | 检查 calendar 的日期与星期 | check days and dates of its calendar
service-date-outside | 时刻表日期不在有效期内 | the day that is wanted is not in the feed, or nothing runs on it: another day was taken | 换用当时的数据，或写明 service_date | use a feed of that time, or name a service_date
route-not-running | 线路不在时段内运行 | routes that run outside both periods only: they are in the timetable, but have no headways | 无需处理，或补充班次 | nothing to do, or add trips
trip-on-demand | 响应式班次未采用 | trips without fixed stops or times are left out | 无需处理 | nothing to do
feed-part-unused | 数据中未采用的内容 | what a feed holds that no result depends on | 无需处理 | nothing to do
block-overlap | 同一车辆的班次重叠 | a trip starts before the one before in its block ends: nobody stays on board | 检查 block_id 与时刻 | check block_id and the times
times-impossible | 运行时间不可能 | no vehicle runs a trip in its time | 补上真实时刻 | give its real times
times-backwards | 时间倒流 | a time is earlier than the one before | 改正时刻 | mend the times
times-overlap | 班次时段重叠 | spans of frequencies.txt of one trip overlap | 让时段首尾相接 | let one end before the next starts
trip-too-short | 班次不足两站 | a trip with fewer than two stops | 补站，或删去班次 | add stops, or take the trip out
option-unused | 选项无效 | an option that does nothing here | 删去，或按提示补充 | leave it out, or add what is named
package-missing | 缺少软件包 | a package that is not installed is needed | 安装所示软件包 | install the package named
folder-not-empty | 文件夹非空 | a new study would stand in a folder in use | 换一个文件夹 | choose another folder
folder-in-use | 文件夹正被另一运行写入 | another run is writing to the folder for results | 等它结束，或换一个 --out | wait for it, or choose another --out
folder-not-writable | 结果文件夹无法写入 | the folder for results cannot be written to: disk full, no permission, read-only, a file in its place, or a file of it open in another program; earlier results are whole | 腾出磁盘空间，关闭打开其中文件的程序，或换一个 --out | make room, close programs that show its files, or choose another --out
study-bundled | 自带研究不可更改 | the bundled study cannot be changed | 先用 scicity init 复制 | copy it with scicity init first
store-not-alone | 存储文件夹含其他文件 | the folder of a network store holds other files | 移走其他文件 | move the other files away
osm-empty | OSM 数据没有道路 | OpenStreetMap has no street there | 检查范围与文件 | check the box and the file
place-unknown | 地名找不到 | OpenStreetMap does not know a place | 换写法，或用 --bbox | write it otherwise, or use --bbox
server-no-answer | 服务器无应答 | a server does not answer | 稍后再试，或用 --osm 文件 | try later, or use a file with --osm
scheduler-unreachable | 找不到调度器 | no Dask scheduler at the address | 检查地址与防火墙 | check address and firewall
scheduler-lost | 调度器中断 | the Dask scheduler went away | 重新运行 | run again
no-workers | 没有工作进程 | the Dask scheduler has no workers | 启动工作进程 | start workers
worker-differs | 工作进程版本不同 | a worker has other versions | 统一版本 | install the same versions
worker-failed | 工作进程出错 | a worker failed at a part | 看其日志 | look at its log
workers-lost | 工作进程丢失 | all workers were lost too often | 重新运行，已完成的部分保留 | run again: what is done is kept
"""  # noqa: E501 - a table

CODES: dict[str, Code] = {
    name.strip(): Code(*(part.strip() for part in rest))
    for name, *rest in (line.split("|") for line in _TEXT.strip().splitlines())
}
"""By name, without those of OpenStreetMap data (`OSM_PREFIX`)."""
