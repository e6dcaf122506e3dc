-- Hodgkin lab: what happened in the last ten weeks. Made up; tables.sql explains the columns.
COPY demo_events (days_ago, at, who, what, barcode, amount, unit, location, note) FROM STDIN (FORMAT csv);
69,10:27,eve,check_out,CT-001056,2.6,g,,"SEC buffer, T4L"
69,14:52,eve,check_out,CT-001085,2.7,g,,"Cryo solution, T4L"
68,11:07,eve,check_out,CT-001070,0.38,g,,SDS gels
68,12:09,eve,check_out,CT-001074,24,mg,,"Crystallisation, plate 32"
68,14:23,eve,check_out,CT-001001,24,g,,10× stock
67,09:29,eve,check_out,CT-001019,110,mL,,"Cryo solution, LysM"
67,11:01,eve,check_out,CT-001081,0.24,g,,"Expression, LysM"
66,10:06,eve,check_out,CT-001058,210,mg,,"Lysis buffer, T4L"
66,11:29,eve,check_out,CT-001025,3.1,mL,,"Ligand stocks, KinA"
66,11:59,eve,check_out,CT-001023,120,mL,,Bench
66,12:28,eve,check_out,CT-001035,14,g,,Plate 24
66,15:28,eve,check_out,CT-001098,28,g,,"Expression, MBP-K2"
66,16:30,eve,return,CT-001098,8,g,,Not needed
65,16:15,eve,check_out,CT-001079,0.74,g,,SDS gels
65,17:03,eve,return,CT-001079,0.2,g,,Not needed
64,10:30,eve,check_out,CT-001098,30,g,,"Expression, LysM"
64,15:26,eve,check_out,CT-001048,18,g,,"Dialysis, MBP-K2"
63,11:10,eve,check_out,CT-001046,0.2,g,,"Optimisation, KinA"
63,11:40,eve,check_out,CT-001011,12,mL,,"Optimisation, LysM"
63,12:01,eve,check_out,CT-001034,6.8,g,,"Optimisation, LysM"
63,12:33,eve,return,CT-001011,4,mL,,Not needed
63,15:37,eve,check_out,CT-001076,20,kU,,"Ni column, MBP-K2"
63,16:38,eve,check_out,CT-001016,14,g,,"Optimisation, MBP-K2"
63,18:00,eve,check_out,CT-001080,0.52,g,,"Expression, KinA"
62,10:07,eve,check_out,CT-001001,26,g,,"Dialysis, KinA"
62,10:10,eve,check_out,CT-001065,26,mL,,SDS gels
62,11:42,eve,check_out,CT-001011,11,mL,,"Optimisation, MBP-K2"
62,13:17,eve,check_out,CT-001052,0.22,g,,"Ni column, T4L"
62,14:27,eve,check_out,CT-001095,0.25,g,,"Ni column, KinA"
62,16:52,eve,check_out,CT-001083,23,g,,"Expression, MBP-K2"
61,15:17,eve,check_out,CT-001005,15,g,,"SEC buffer, T4L"
61,17:39,eve,check_out,CT-001059,0.55,g,,"Expression, KinA"
60,10:47,eve,check_out,CT-001095,0.17,g,,"Ni column, KinA"
60,12:25,eve,check_out,CT-001037,15,g,,Plate 31
60,13:11,eve,check_out,CT-001020,30,mL,,"Cryo solution, KinA"
59,17:26,eve,check_out,CT-001050,18,g,,"Lysis buffer, KinA"
58,13:16,eve,check_out,CT-001025,2.9,mL,,"Ligand stocks, LysM"
58,14:26,eve,check_out,CT-001071,140,mg,,"Crystallisation, plate 26"
58,15:13,eve,return,CT-001071,40,mg,,Not needed
58,15:30,eve,check_out,CT-001064,4.3,g,,SDS gels
58,17:28,eve,check_out,CT-001067,0.11,mL,,SDS gels
58,17:46,eve,check_out,CT-001021,160,mL,,Column cleaning
57,09:24,eve,check_out,CT-001093,18,bar,,Glovebox
57,12:57,eve,check_out,CT-001071,140,mg,,"Crystallisation, plate 11"
56,15:15,eve,check_out,CT-001033,7.7,g,,"Optimisation, KinA"
56,16:11,eve,check_out,CT-001080,0.53,g,,"Expression, MBP-K2"
55,10:06,eve,check_out,CT-001054,0.55,mL,,"Lysis buffer, KinA"
54,12:49,eve,check_out,CT-001071,130,mg,,"Crystallisation, plate 27"
54,15:17,eve,check_out,CT-001040,9.5,g,,Plate 29
54,16:12,eve,check_out,CT-001030,26,g,,"SEC buffer, KinA"
54,16:13,eve,return,CT-001040,3,g,,Not needed
54,17:32,eve,check_out,CT-001018,37,mL,,"Cryo solution, LysM"
52,13:54,eve,check_out,CT-001020,31,mL,,"Cryo solution, T4L"
52,15:51,eve,check_out,CT-001078,8.1,kU,,"Expression, MBP-K2"
51,12:54,eve,check_out,CT-001064,5.6,g,,SDS gels
51,13:44,eve,check_out,CT-001001,20,g,,10× stock
51,14:47,eve,check_out,CT-001035,15,g,,"Optimisation, MBP-K2"
51,16:41,eve,check_out,CT-001095,0.15,g,,"Lysis buffer, KinA"
50,15:27,eve,check_out,CT-001091,0.62,mL,,"Cryo solution, KinA"
49,09:47,eve,check_out,CT-001067,0.1,mL,,SDS gels
48,12:04,eve,check_out,CT-001027,98,mL,,Loop washing
48,12:29,eve,check_out,CT-001053,0.32,g,,"Ni column, KinA"
48,17:03,eve,check_out,CT-001098,23,g,,"Expression, KinA"
47,09:27,eve,check_out,CT-001013,50,g,,"Optimisation, MBP-K2"
47,12:21,eve,check_out,CT-001069,0.78,g,,SDS gels
47,13:05,eve,check_out,CT-001018,30,mL,,"Cryo solution, MBP-K2"
46,13:17,eve,check_out,CT-001052,0.3,g,,"Lysis buffer, MBP-K2"
46,16:45,eve,check_out,CT-001005,14,g,,"SEC buffer, KinA"
46,17:41,eve,check_out,CT-001044,6.8,g,,"Lysis buffer, T4L"
44,10:27,eve,check_out,CT-001065,20,mL,,SDS gels
44,16:52,eve,check_out,CT-001097,1.6,g,,"Optimisation, KinA"
43,14:55,eve,check_out,CT-001038,7.6,g,,"Optimisation, MBP-K2"
43,17:24,eve,check_out,CT-001058,130,mg,,"Lysis buffer, KinA"
43,17:55,eve,check_out,CT-001032,5.4,g,,"Dialysis, MBP-K2"
42,09:43,eve,check_out,CT-001009,4,g,,"Optimisation, MBP-K2"
42,10:22,eve,check_out,CT-001059,0.46,g,,"Expression, T4L"
41,14:25,eve,check_out,CT-001033,11,g,,"Optimisation, MBP-K2"
41,15:19,eve,return,CT-001033,3,g,,Not needed
41,16:12,eve,check_out,CT-001010,3.7,g,,"Optimisation, LysM"
41,17:00,eve,check_out,CT-001003,11,g,,"Dialysis, T4L"
40,09:09,eve,check_out,CT-001020,20,mL,,"Cryo solution, KinA"
40,09:58,eve,check_out,CT-001054,0.79,mL,,"Lysis buffer, KinA"
40,10:43,eve,return,CT-001054,0.2,mL,,Not needed
40,17:44,eve,check_out,CT-001007,13,g,,Plate 13
39,12:39,eve,check_out,CT-001003,11,g,,"SEC buffer, KinA"
39,13:33,eve,check_out,CT-001027,110,mL,,Loop washing
38,13:30,eve,stocktake,,,,BU,
38,13:40,eve,count,CT-001001,520,g,,Not recorded
38,13:42,eve,count,CT-001064,148,g,,Weighed
38,13:47,eve,missing,CT-001009,,,,
38,14:10,eve,count_rest,,,,,
38,14:25,eve,post,,,,,
38,15:18,eve,check_out,CT-001025,4,mL,,"Ligand stocks, KinA"
38,15:28,eve,check_out,CT-001053,0.34,g,,"Ni column, LysM"
38,16:05,eve,check_out,CT-001043,0.16,g,,"Optimisation, LysM"
38,17:34,eve,check_out,CT-001065,24,mL,,SDS gels
38,17:46,eve,check_out,CT-001041,2.8,g,,Plate 28
37,11:22,eve,check_out,CT-001059,0.49,g,,"Expression, MBP-K2"
37,13:41,eve,check_out,CT-001076,21,kU,,"Ni column, MBP-K2"
36,16:18,eve,check_out,CT-001070,0.38,g,,SDS gels
35,10:44,eve,check_out,CT-001080,0.62,g,,"Expression, T4L"
34,14:01,eve,check_out,CT-001079,0.87,g,,SDS gels
34,15:05,eve,check_out,CT-001067,0.092,mL,,SDS gels
33,11:11,eve,move,CT-001014,,,SL2,
33,11:17,eve,check_out,CT-001013,53,g,,Plate 38
33,11:44,eve,check_out,CT-001082,63,mg,,"Expression, T4L"
32,09:26,eve,check_out,CT-001049,0.2,g,,"SEC buffer, KinA"
32,09:53,eve,check_out,CT-001052,0.39,g,,"Ni column, MBP-K2"
32,10:24,eve,return,CT-001049,0.06,g,,Not needed
32,14:19,eve,check_out,CT-001093,16,bar,,Glovebox
32,16:59,eve,check_out,CT-001019,79,mL,,"Cryo solution, LysM"
31,12:15,eve,check_out,CT-001082,42,mg,,"Expression, KinA"
31,12:24,eve,check_out,CT-001052,0.31,g,,"Lysis buffer, MBP-K2"
31,14:55,eve,check_out,CT-001098,28,g,,"Expression, T4L"
31,17:48,eve,check_out,CT-001013,45,g,,"Optimisation, LysM"
30,10:22,eve,check_out,CT-001028,82,g,,"Optimisation, KinA"
29,09:50,eve,check_out,CT-001003,12,g,,"SEC buffer, KinA"
29,12:44,eve,check_out,CT-001021,160,mL,,Column cleaning
29,15:15,eve,check_out,CT-001028,660,mg,,"Optimisation, KinA"
29,15:29,eve,correct,CT-001028,66,g,,Wrote mg for g
29,15:38,eve,check_out,CT-001036,18,g,,Plate 24
29,15:45,eve,check_out,CT-001048,13,g,,"SEC buffer, KinA"
28,14:02,eve,check_out,CT-001025,4.5,mL,,"Ligand stocks, T4L"
28,17:19,eve,check_out,CT-001085,2.9,g,,"Cryo solution, LysM"
27,11:07,eve,check_out,CT-001030,30,g,,"SEC buffer, KinA"
27,12:01,eve,return,CT-001030,9,g,,Not needed
27,12:11,eve,check_out,CT-001071,94,mg,,"Crystallisation, plate 15"
27,14:25,eve,check_out,CT-001076,22,kU,,"Lysis buffer, T4L"
27,14:37,eve,check_out,CT-001010,3.8,g,,"Optimisation, MBP-K2"
27,17:21,eve,check_out,CT-001050,15,g,,"Lysis buffer, LysM"
26,10:35,eve,check_out,CT-001071,130,mg,,"Crystallisation, plate 35"
26,13:54,eve,check_out,CT-001059,0.5,g,,"Expression, MBP-K2"
26,14:57,eve,check_out,CT-001073,8.5,mg,,"Crystallisation, plate 25"
25,09:16,eve,check_out,CT-001028,81,g,,"Optimisation, MBP-K2"
25,09:29,eve,check_out,CT-001050,20,g,,"Lysis buffer, MBP-K2"
25,09:30,eve,mark,CT-001070,,,,Replaced by ready-made stain
25,09:34,eve,check_out,CT-001083,14,g,,"Expression, KinA"
25,09:55,eve,keep,CT-001070,,,,
25,10:49,eve,check_out,CT-001027,94,mL,,Loop washing
25,12:10,eve,check_out,CT-001030,29,g,,"SEC buffer, KinA"
25,15:59,eve,check_out,CT-001021,170,mL,,Loop washing
24,15:42,eve,check_out,CT-001086,12,mg,,"Heavy-atom soak, crystal K3-13"
24,17:15,eve,check_out,CT-001025,5.1,mL,,"Ligand stocks, LysM"
24,17:57,eve,check_out,CT-001007,10,g,,Plate 36
23,12:18,eve,check_out,CT-001028,54,g,,"Optimisation, KinA"
23,15:41,eve,check_out,CT-001064,4.2,g,,SDS gels
23,16:37,eve,check_out,CT-001010,4.9,g,,"Optimisation, T4L"
22,10:07,eve,check_out,CT-001050,21,g,,"Ni column, KinA"
22,10:45,eve,check_out,CT-001091,0.51,mL,,"Cryo solution, KinA"
22,12:49,eve,check_out,CT-001053,0.38,g,,"Lysis buffer, KinA"
22,14:48,eve,check_out,CT-001011,9.9,mL,,Plate 16
21,11:47,eve,check_out,CT-001013,52,g,,Plate 18
21,12:31,eve,check_out,CT-001056,3.1,g,,"Dialysis, KinA"
21,13:42,eve,check_out,CT-001062,150,g,,"Lysis buffer, MBP-K2"
21,15:45,eve,check_out,CT-001034,5.9,g,,"Optimisation, KinA"
20,15:01,eve,check_out,CT-001091,0.4,mL,,"Cryo solution, T4L"
20,17:17,eve,check_out,CT-001038,12,g,,"Optimisation, KinA"
20,17:46,eve,check_out,CT-001049,0.24,g,,"SEC buffer, T4L"
19,09:57,eve,check_out,CT-001001,17,g,,"SEC buffer, KinA"
19,14:42,eve,check_out,CT-001036,15,g,,Plate 25
18,09:56,eve,check_out,CT-001040,7.4,g,,"Optimisation, KinA"
18,12:40,eve,check_out,CT-001019,79,mL,,"Cryo solution, KinA"
18,16:13,eve,check_out,CT-001043,0.23,g,,Plate 33
18,17:28,eve,check_out,CT-001030,30,g,,"SEC buffer, KinA"
17,09:53,eve,check_out,CT-001030,38,g,,10× stock
17,10:45,eve,check_out,CT-001005,14,g,,10× stock
17,11:55,eve,check_out,CT-001082,58,mg,,"Expression, LysM"
16,09:15,eve,stocktake,,,,FL,
16,09:20,eve,count,CT-001027,1.25,L,,Not recorded
16,09:33,eve,count_rest,,,,,
16,09:36,eve,post,,,,,
16,10:46,eve,check_out,CT-001037,14,g,,"Optimisation, MBP-K2"
16,16:15,eve,check_out,CT-001023,150,mL,,Bench
16,17:48,eve,check_out,CT-001030,22,g,,10× stock
15,10:25,eve,check_out,CT-001086,15,mg,,"Heavy-atom soak, crystal K4-25"
15,17:52,eve,check_out,CT-001078,8.3,kU,,"Expression, MBP-K2"
14,09:32,eve,check_out,CT-001024,230,mL,,Bench
14,10:13,eve,check_out,CT-001074,23,mg,,"Crystallisation, plate 32"
14,10:20,eve,move,CT-001051,,,BU3,
14,11:22,eve,check_out,CT-001073,12,mg,,"Crystallisation, plate 36"
14,14:16,eve,check_out,CT-001069,0.82,g,,SDS gels
13,09:09,eve,check_out,CT-001024,170,mL,,Column cleaning
13,10:51,eve,check_out,CT-001083,26,g,,"Expression, KinA"
13,11:21,eve,check_out,CT-001081,0.21,g,,"Expression, MBP-K2"
13,11:36,eve,check_out,CT-001001,19,g,,10× stock
13,12:45,eve,check_out,CT-001036,17,g,,Plate 34
13,14:07,eve,check_out,CT-001052,0.22,g,,"Ni column, LysM"
13,14:41,eve,check_out,CT-001044,4.2,g,,"Lysis buffer, LysM"
13,15:01,eve,check_out,CT-001054,0.73,mL,,"Ni column, LysM"
13,17:42,eve,check_out,CT-001023,130,mL,,Bench
12,12:03,eve,check_out,CT-001080,0.37,g,,"Expression, KinA"
12,13:57,eve,check_out,CT-001023,97,mL,,Bench
11,09:50,eve,take,CT-001088,,,,
11,14:51,eve,check_out,CT-001088,15,mg,,"Heavy-atom soak, crystal K7-29"
11,15:55,eve,check_out,CT-001037,18,g,,"Optimisation, KinA"
11,16:20,eve,check_out,CT-001033,12,g,,Plate 18
10,09:23,eve,check_out,CT-001016,14,g,,"Optimisation, LysM"
10,09:49,eve,check_out,CT-001059,0.47,g,,"Expression, KinA"
10,11:22,eve,check_out,CT-001078,6.1,kU,,"Expression, KinA"
10,16:05,eve,bring_back,CT-001088,865,mg,,"Heavy-atom soak, crystal K4-17"
9,10:15,eve,check_out,CT-001056,2.9,g,,"Dialysis, MBP-K2"
9,16:54,eve,check_out,CT-001069,1.2,g,,SDS gels
8,16:56,eve,check_out,CT-001018,34,mL,,"Cryo solution, KinA"
8,17:20,eve,check_out,CT-001005,11,g,,"SEC buffer, LysM"
7,09:08,eve,check_out,CT-001019,100,mL,,"Cryo solution, T4L"
6,09:23,eve,check_out,CT-001078,10,kU,,"Expression, MBP-K2"
6,09:33,eve,check_out,CT-001013,38,g,,"Optimisation, KinA"
6,11:30,eve,check_out,CT-001065,18,mL,,SDS gels
5,11:15,eve,mark,CT-001058,,,,Past its expiry date
5,13:22,eve,check_out,CT-001053,0.23,g,,"Ni column, KinA"
5,14:08,eve,return,CT-001053,0.07,g,,Not needed
5,14:13,eve,check_out,CT-001062,88,g,,"Lysis buffer, LysM"
5,16:40,eve,check_out,CT-001093,17,bar,,Glovebox
4,10:12,eve,check_out,CT-001050,21,g,,"Ni column, T4L"
4,14:48,eve,check_out,CT-001032,5.6,g,,"Dialysis, MBP-K2"
4,16:04,eve,check_out,CT-001028,80,g,,"Optimisation, KinA"
3,10:55,eve,check_out,CT-001097,2.1,g,,"Optimisation, LysM"
3,11:44,eve,return,CT-001097,0.6,g,,Not needed
3,12:32,eve,check_out,CT-001016,17,g,,"Optimisation, KinA"
3,12:51,eve,check_out,CT-001021,110,mL,,Bench
3,15:30,eve,check_out,CT-001011,9.7,mL,,"Optimisation, LysM"
2,15:10,eve,take,CT-001086,,,,
2,15:10,eve,mark_chemical,CT-001090,,,,"Past its date, not used since the K2 soaks"
1,10:51,eve,check_out,CT-001067,0.11,mL,,SDS gels
1,12:42,eve,check_out,CT-001081,0.18,g,,"Expression, MBP-K2"
1,14:29,eve,check_out,CT-001005,11,g,,"Dialysis, LysM"
\.
